"""robots.txt (RFC 9309): what its text means for one address."""

import re
from functools import lru_cache
from typing import Final

from protego import Protego

from crawler.useragent import PRODUCT
from news.encodings import decode

MOST_BYTES: Final = 500 * 1024
# A longer Crawl-delay would mean that an outlet is practically never visited; it is honoured up to here.
LONGEST_DELAY: Final = 120.0

_AGENT = re.compile(r"^([ \t\ufeff]*user[ -]?agent[ \t]*:[ \t]*)([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)


def readable(body: bytes) -> str:
    """The part of a robots.txt that is read, as text."""
    return decode(body[:MOST_BYTES], "text/plain")[0]


def may_fetch(text: str | None, url: str) -> bool:
    """`text` None: nothing is forbidden."""
    return text is None or _parsed(text).can_fetch(url, PRODUCT)


def crawl_delay(text: str | None) -> float:
    """Seconds, 0 where none is asked for."""
    asked = None if text is None else _parsed(text).crawl_delay(PRODUCT)
    return min(asked or 0.0, LONGEST_DELAY)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Protego:
    return Protego.parse(_AGENT.sub(_merge_others, text))


def _merge_others(line: re.Match[str]) -> str:
    """Groups for others become one group: a file of 10,000 names and as many rules must not cost their product."""
    name = line[2].strip().lower()
    return line[0] if name in ("*", PRODUCT) or PRODUCT.startswith(name.rstrip("*") or "?") else f"{line[1]}others"
