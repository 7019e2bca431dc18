"""The keys of the settings, and the one environment variable of each."""

VARIABLES = {
    "data": "MARSAD_DATA",
    "sources": "MARSAD_SOURCES",
    "elasticsearch.url": "MARSAD_ELASTICSEARCH_URL",
    "elasticsearch.api_key": "MARSAD_ELASTICSEARCH_API_KEY",
    "elasticsearch.admin_api_key": "MARSAD_ELASTICSEARCH_ADMIN_API_KEY",
    "elasticsearch.ca_certs": "MARSAD_ELASTICSEARCH_CA_CERTS",
    "elasticsearch.alias": "MARSAD_ELASTICSEARCH_ALIAS",
    "kibana.url": "MARSAD_KIBANA_URL",
    "kibana.api_key": "MARSAD_KIBANA_API_KEY",
    "index.retention_months": "MARSAD_RETENTION_MONTHS",
    "crawler.contact": "MARSAD_CONTACT",
    "crawler.delay": "MARSAD_DELAY",
    "crawler.allow_networks": "MARSAD_ALLOW_NETWORKS",
    "crawler.workers": "MARSAD_WORKERS",
    "crawler.max_age": "MARSAD_MAX_AGE",
    "crawler.proxy": "MARSAD_PROXY",
    "crawler.verify_tls": "MARSAD_VERIFY_TLS",
    "archive.days": "MARSAD_ARCHIVE_DAYS",
    "archive.max_gb": "MARSAD_ARCHIVE_MAX_GB",
    "metrics.port": "MARSAD_METRICS_PORT",
    "log.level": "MARSAD_LOG_LEVEL",
    "log.format": "MARSAD_LOG_FORMAT",
    "display.timezone": "MARSAD_TIMEZONE",
}
SECRETS = frozenset({"elasticsearch.api_key", "elasticsearch.admin_api_key", "kibana.api_key"})
ADDRESSES = frozenset({"elasticsearch.url", "kibana.url", "crawler.proxy"})
PATHS = frozenset({"data", "sources", "elasticsearch.ca_certs"})
# Read elsewhere, and so not a misspelt setting.
OTHER_VARIABLES = frozenset({"MARSAD_CONFIG", "MARSAD_SHARED", "MARSAD_TEST_ELASTICSEARCH_URL"})
