"""What passes between the crawl and its extraction processes: a frame is eight bytes of length and a pickle."""

import pickle
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from news.documents import EndpointKind, Listing, NotDocument, Page, ParsedDate, ReadArticle, Source

HEAD: Final = struct.Struct("!Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker is asked to read; `seconds` is when it kills itself, should nobody else be left to do it, and
    `cpu_seconds` how much of its own time it may spend; 0: as much as it likes."""

    page: Page
    listing: EndpointKind | None
    source: Source
    now: datetime
    listed_title: str | None = None
    listed_published: ParsedDate | None = None
    seconds: int = 30
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Broken:
    """An exception in a reader: a mistake of ours, told with its place."""

    reason: str
    trace: str


Answer: TypeAlias = Listing | ReadArticle | NotDocument | Broken


def frame(value: object) -> bytes:
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(body)) + body
