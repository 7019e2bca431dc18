"""A fetched page as WARC 1.1 (ISO 28500): the request and the response, each in a gzip member of its own.

Every member carries its own length and that of its content in the extra field `sl`, as WARC's annex on GZIP proposes.
So a file can be walked without unpacking it, and one that was torn in the middle of a write ends where it was torn.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO, Final
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from news.documents import Page

# RFC 1952: magic, deflate, FEXTRA; no time, no system; XLEN 12: "sl", 8 bytes: the member's length, its content's.
HEAD: Final = struct.Struct("<4sIBBH2sHII")
MARK: Final = (b"\x1f\x8b\x08\x04", 0, 0, 255, 12, b"sl", 8)
TAIL: Final = struct.Struct("<II")
LEVEL: Final = 6
SNIFFED: Final = 4096  # of a member, enough for a record's own headers

# What the body no longer is: it is kept unpacked, as it was read.
TRANSPORT: Final = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})
REQUESTED: Final = "X-Marsad-Requested-URI"  # the address before redirects: the one that was listed
SOURCE: Final = "X-Marsad-Source"


@dataclass(frozen=True, slots=True)
class Member:
    """Where one record lies in its file, and what its own headers say; names in lower case."""

    start: int
    length: int
    headers: Mapping[str, str]

    @property
    def urls(self) -> set[str]:
        """The addresses it is about; none for what describes the file."""
        return {self.headers[name] for name in ("warc-target-uri", REQUESTED.lower()) if name in self.headers}


@dataclass(frozen=True, slots=True)
class Kept:
    """A page out of the archive, and the source it was fetched for."""

    page: Page
    source: str


class Writer(WARCWriter):  # type: ignore[misc]
    @staticmethod
    def _create_temp_file() -> BytesIO:
        """What digests are computed over is in memory anyhow; the library would leave a spooled file unclosed."""
        return BytesIO()


def file_head(date: datetime, software: str) -> bytes:
    """The `warcinfo` record that a file begins with."""
    buffer = BytesIO()
    writer = Writer(buffer, gzip=False, warc_version="1.1")
    info = {"software": software, "format": "WARC File Format 1.1", "robots": "obey"}
    record = writer.create_warcinfo_record(None, info)
    record.rec_headers.replace_header("WARC-Date", _iso(date))
    writer.write_record(record)
    return _packed(buffer.getvalue())


def page_records(page: Page, source: str, asked_with: Mapping[str, str]) -> bytes:
    """The response, and the request that it answers; `asked_with` are the headers of the latter."""
    about = {"WARC-Date": _iso(page.fetched_at), REQUESTED: page.requested_url, SOURCE: source}
    kept = [(name, value) for name, value in page.headers.items() if name not in TRANSPORT]
    left = [(f"X-Archive-Orig-{name}", value) for name, value in page.headers.items() if name in TRANSPORT]
    answer = StatusAndHeaders(str(page.status), [*kept, *left], protocol="HTTP/1.1")
    buffer = BytesIO()
    writer = Writer(buffer, gzip=False, warc_version="1.1")
    response = writer.create_warc_record(
        page.url, "response", payload=BytesIO(page.body), http_headers=answer, warc_headers_dict=dict(about)
    )
    writer.write_record(response)
    first = _packed(buffer.getvalue())

    parts = urlsplit(page.url)
    target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="%/:=&?~+!$,;'@()*[]")
    question = StatusAndHeaders(f"{target} HTTP/1.1", [("Host", parts.netloc), *asked_with.items()], protocol="GET")
    concurrent = {**about, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
    buffer.seek(0)
    buffer.truncate()
    writer.write_record(
        writer.create_warc_record(page.url, "request", http_headers=question, warc_headers_dict=concurrent)
    )
    return first + _packed(buffer.getvalue())


def members(stream: BinaryIO, size: int) -> Iterator[Member]:
    """The whole records of a file, in their order. Ends at its end, or where it was torn."""
    start = 0
    while start + HEAD.size <= size:
        stream.seek(start)
        head = stream.read(min(SNIFFED, size - start))
        *mark, length, _ = HEAD.unpack_from(head)
        if tuple(mark) != MARK or length <= HEAD.size or start + length > size:
            return
        yield Member(start, length, _headers(head[HEAD.size : length]))
        start += length


def read_page(stream: BinaryIO, member: Member) -> Kept | None:
    """The page of a response; None for the other records, and for one whose bytes are not those that were written."""
    if member.headers.get("warc-type") != "response":
        return None
    stream.seek(member.start)
    raw = _unpacked(stream.read(member.length))
    if raw is None:
        return None
    record = next(iter(ArchiveIterator(BytesIO(raw), check_digests=True)))
    body = record.raw_stream.read()
    if record.digest_checker.passed is False or record.http_headers is None:
        return None
    headers = {name.lower(): value for name, value in record.http_headers.headers}
    told = member.headers
    page = Page(
        requested_url=told.get(REQUESTED.lower(), told["warc-target-uri"]),
        url=told["warc-target-uri"],
        status=int(record.http_headers.get_statuscode()),
        headers={name: value for name, value in headers.items() if not name.startswith("x-archive-orig-")},
        body=body,
        fetched_at=moment(member),
    )
    return Kept(page, told.get(SOURCE.lower(), ""))


def moment(member: Member) -> datetime:
    return datetime.fromisoformat(member.headers["warc-date"].replace("Z", "+00:00"))


def _packed(record: bytes) -> bytes:
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(record) + deflate.flush()
    tail = TAIL.pack(zlib.crc32(record), len(record) & 0xFFFFFFFF)
    return HEAD.pack(*MARK, HEAD.size + len(body) + TAIL.size, len(record)) + body + tail


def _unpacked(member: bytes) -> bytes | None:
    """A member's record; None where its bytes were damaged, also in its headers, which no digest covers."""
    deflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        record = deflate.decompress(member[HEAD.size :])
    except zlib.error:
        return None
    whole = deflate.eof and deflate.unused_data == TAIL.pack(zlib.crc32(record), len(record) & 0xFFFFFFFF)
    return record if whole else None


def _headers(deflated: bytes) -> dict[str, str]:
    """A record's own headers, from the beginning of its member; none where that is damaged."""
    try:
        text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(deflated, 4 * SNIFFED).partition(b"\r\n\r\n")[0]
    except zlib.error:
        return {}
    lines = text.decode("utf-8", "replace").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _iso(date: datetime) -> str:
    return date.isoformat(timespec="microseconds").replace("+00:00", "Z")
