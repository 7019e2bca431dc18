"""The settings of Scrapy. What a person can set is in `marsad.config`; these follow from how we crawl."""

from crawler.reactor import REACTOR

BOT_NAME = "marsad"
SPIDER_MODULES = ["crawler.spiders"]
MARSAD_POLICY = "scheduler.policy.AdaptivePolicy"

TWISTED_REACTOR = REACTOR
TWISTED_DNS_RESOLVER = "crawler.resolver.SafeResolver"

# The frontier knows what was seen, who may be asked when, and what is tried again: nothing here grows with it.
SCHEDULER = "crawler.hosts.SiteScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
CONCURRENT_REQUESTS = 100
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 1  # so many tasks are made for every answer, and our spider yields no items
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 128 * 1024 * 1024

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_HANDLERS_BASE: dict[str, str] = {}
DOWNLOAD_HANDLERS = {"http": "crawler.handler.SafeHandler", "https": "crawler.handler.SafeHandler"}

# Only what is named here takes part. Scrapy's own lists also have cookies, retries and robots.txt by other rules.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "crawler.retries.SecondChance": 100,
    "crawler.redirects.Redirects": 200,
    "crawler.unpacking.Unpacking": 300,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 400,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"crawler.limits.EarlyStop": 0}
ITEM_PIPELINES_BASE: dict[str, int] = {}

# 2.19 would open a port that runs whatever Python is posted to it.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = False
AUTOTHROTTLE_ENABLED = False
RETRY_ENABLED = False
STATS_DUMP = False
