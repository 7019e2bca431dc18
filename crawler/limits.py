"""How much of an answer is taken, and for how long."""

from dataclasses import dataclass
from typing import Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers

from index.frontier.visits import Visit, VisitKind
from news.documents import EndpointKind

KB: Final = 1024
MB: Final = 1024 * KB

ROBOTS_BYTES: Final = 512 * KB
# A compressed robots.txt may unpack to so much; only its first 500 KiB are read, as of any other.
ROBOTS_UNPACKED: Final = 8 * MB


@dataclass(frozen=True, slots=True)
class Limit:
    """`size` in bytes, packed and unpacked alike; `seconds` from the first connection to the last byte."""

    size: int
    seconds: float


ARTICLE: Final = Limit(8 * MB, 30)
ROBOTS: Final = Limit(ROBOTS_UNPACKED, 30)
LISTINGS: Final = {
    EndpointKind.FEED: Limit(5 * MB, 30),
    EndpointKind.SECTION: Limit(8 * MB, 30),
    EndpointKind.SITEMAP: Limit(50 * MB, 45),
}

# What no reader of ours can read is not worth its bytes.
UNREADABLE_TYPES: Final = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip")


def limit_of(visit: Visit) -> Limit:
    if visit.kind is VisitKind.ROBOTS:
        return ROBOTS
    return LISTINGS[visit.listing] if visit.listing is not None else ARTICLE


def unreadable_type(content_type: str) -> bool:
    return content_type.strip().lower().startswith(UNREADABLE_TYPES)


class EarlyStop:
    """Ends a download where the rest of it is of no use: a robots.txt after its cap, a video at its headers.

    An over-long robots.txt is cut, not refused (RFC 9309, 2.5): its beginning holds.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        stop = cls()
        crawler.signals.connect(stop.headers, signal=signals.headers_received)
        crawler.signals.connect(stop.bytes, signal=signals.bytes_received)
        return stop

    def headers(self, headers: Headers, request: Request) -> None:
        content_type = (headers.get(b"Content-Type") or b"").decode("latin-1")
        if "attempt" in request.meta and unreadable_type(content_type):
            raise StopDownload(fail=False)

    def bytes(self, data: bytes, request: Request) -> None:
        attempt = request.meta.get("attempt")
        if attempt is None or attempt.visit.kind is not VisitKind.ROBOTS:
            return
        request.meta["taken"] = request.meta.get("taken", 0) + len(data)
        if request.meta["taken"] > ROBOTS_BYTES:
            raise StopDownload(fail=False)
