"""What one would write first: a Scrapy spider that reads feeds and gives every page to trafilatura, as JSON lines.

python -m benchmarks.stages.plain_spider OUT FEED…
"""

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response, TextResponse
from trafilatura import bare_extraction

FIELDS = ("title", "author", "date", "description", "sitename", "text")
SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "USER_AGENT": "plain (+benchmarks@localhost)",
}


class PlainSpider(Spider):
    name = "plain"

    def __init__(self, feeds: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.feeds = feeds

    async def start(self) -> AsyncIterator[Request]:
        for feed in self.feeds:
            yield Request(feed)

    def parse(self, response: Response) -> Iterator[Request]:
        for link in response.xpath("//item/link/text()").getall():
            yield response.follow(link, callback=self.parse_article)

    def parse_article(self, response: Response) -> Iterator[dict[str, Any]]:
        assert isinstance(response, TextResponse)
        document = bare_extraction(response.text, url=response.url, with_metadata=True)
        if document is not None:
            known = document if isinstance(document, dict) else document.as_dict()
            yield {"url": response.url} | {field: known[field] for field in FIELDS}


def main(out: str, feeds: list[str]) -> None:
    process = CrawlerProcess({**SETTINGS, "FEEDS": {out: {"format": "jsonlines"}}})
    process.crawl(PlainSpider, feeds=feeds)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
