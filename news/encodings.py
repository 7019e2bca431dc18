"""Bytes to text, for pages and feeds whose declared encoding may be missing or wrong.

Arabic in a single-byte encoding is all but never valid UTF-8, and UTF-8 with some damaged bytes still mostly is. So
what is (nearly) UTF-8 is read as UTF-8 whatever was declared, and damage stays where it is.
"""

import re
from collections.abc import Iterator

from webencodings import Encoding, lookup

_DECLARED_WITHIN = 4096
_DAMAGE = 0.02  # up to this share of the non-ASCII part, the encoding is right and the bytes are wrong
_MOSTLY = 0.5  # Arabic in a single-byte encoding has above 0.9
_ASCII = bytes(range(128))
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_ARABIC = ("windows-1256", "iso-8859-6")
_LATIN = ("windows-1252", "windows-1254", "iso-8859-15")  # what servers say when nobody told them
_WIDE = ("utf-16le", "utf-16be")

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_XML_DECLARATION = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']\s*([\w.:-]+)""", re.IGNORECASE)
_META = re.compile(rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_ARABIC_LETTERS = re.compile("[\u0600-\u06ff]+")
_HIGH_RUNS = re.compile(rb"[\xc0-\xff]{3,}")


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The text, without NULs and lone surrogates, and the WHATWG name of the encoding it was read in."""
    text, name = _decode(body, content_type)
    return text.replace("\0", "") if b"\0" in body else text, name


def _decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _read(body[len(bom) :], name), name
    if wide := _wide_without_bom(body):
        return _read(body, wide), wide
    utf8, damage = _as_utf8(body)
    if damage <= _DAMAGE and not _is_stateful(body):
        return utf8, "utf-8"
    for declared in _declared(body, content_type):
        if declared == "utf-8":
            if damage < _MOSTLY:
                return utf8, "utf-8"
        elif declared in _LATIN and damage < _MOSTLY:
            continue
        elif (text := _as_declared(body, declared)) is not None:
            return text, declared
    return (utf8, "utf-8") if damage < _MOSTLY else _as_arabic(body)


def _read(body: bytes, name: str) -> str:
    encoding: Encoding = lookup(name)
    return str(encoding.codec_info.decode(body, "replace")[0])


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Names of the encodings that the header and the document itself declare."""
    head = body[:_DECLARED_WITHIN]
    inside = _XML_DECLARATION.match(head), _META.search(_COMMENT.sub(b"", head))
    labels = [found[1].decode("ascii", "replace") for found in inside if found]
    if content_type and (charset := _CHARSET.search(content_type)):
        labels.insert(0, charset[1])
    for label in labels:
        if (encoding := lookup(label)) is not None:
            yield str(encoding.name)


def _as_utf8(body: bytes) -> tuple[str, float]:
    """The text, and the share of undecodable bytes among undecodable bytes and decoded non-ASCII characters."""
    try:
        return body.decode("utf-8"), 0.0
    except UnicodeDecodeError:
        text = _read(body, "utf-8")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    return text, bad / _non_ascii(text) if bad else 0.0


def _non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _is_stateful(body: bytes) -> bool:
    return b"\x1b" in body and b"\x1b$" in body  # ISO-2022-JP: ASCII by its bytes, and not by its meaning


def _wide_without_bom(body: bytes) -> str | None:
    """UTF-16 shows by every other byte being 0 (markup) or 6 (Arabic)."""
    head = body[:1024]
    if b"\0" not in head:
        return None
    even, odd = head[0::2], head[1::2]
    for high, low, name in ((odd, even, "utf-16le"), (even, odd, "utf-16be")):
        if _zeros_and_sixes(high) > 0.7 * len(high) and _zeros_and_sixes(low) < 0.3 * len(low):
            return name
    return None


def _zeros_and_sixes(part: bytes) -> int:
    return part.count(0) + part.count(6)


def _as_declared(body: bytes, name: str) -> str | None:
    """The text as declared, or None where the declaration does not fit the bytes."""
    if name in _WIDE:
        return None  # there were no NULs
    if name in _ARABIC:
        best, better = _as_arabic(body)
        return best if better == name else None
    if name in _LATIN and _holds_arabic(body):
        return None
    text = _read(body, name)
    return text if text.count("\ufffd") <= _DAMAGE * _non_ascii(text) else None


def _as_arabic(body: bytes) -> tuple[str, str]:
    """windows-1256 or ISO-8859-6, whichever gives the greater share of Arabic letters."""
    readings = [(_read(body, name), name) for name in _ARABIC]
    return max(readings, key=lambda reading: _arabic_share(reading[0]))


def _arabic_share(text: str) -> float:
    return sum(map(len, _ARABIC_LETTERS.findall(text))) / (_non_ascii(text) or 1)


def _holds_arabic(body: bytes) -> bool:
    """Latin accents stand alone among ASCII letters; Arabic letters stand in words."""
    high = len(body.translate(None, _ASCII))
    return sum(map(len, _HIGH_RUNS.findall(body))) > 0.5 * high and _arabic_share(_as_arabic(body)[0]) > 0.8
