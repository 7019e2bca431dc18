"""Word boundaries after Unicode's annex 29 as Lucene's standard tokenizer draws them.

The part of the rules that Arabic, Latin and digits need is here in full: letters and numbers join; a full stop,
apostrophe or colon between two letters and a full stop or comma between two digits join them; marks are transparent.
Han and Hiragana signs are single tokens, Katakana runs are one. Not here: Hebrew's quotes and emoji (which Lucene
counts as tokens and nobody searches).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

LONGEST = 255  # Lucene cuts longer tokens into pieces of this length.

_MID_LETTER = ":··՟״‧︓﹕："
_MID_NUMBER = ",;;։،؍٬߸⁄︐︔﹐﹔，；"
_MID_BOTH = ".'\u2018\u2019\u2024\ufe52\uff07\uff0e"
_CONNECTORS = "_\u203f\u2040\u2054\ufe33\ufe34\ufe4d-\ufe4f\uff3f\u202f"
_HAN = "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_HIRAGANA = "\u3041-\u3096\u309d-\u309f"
_KATAKANA = "\u3031-\u3035\u309b\u309c\u30a0-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u32d0-\u32fe\u3300-\u3357\uff66-\uff9d"

_letter = r"[^\W\d_]"
# Without anything rare in the text this is all there is to do; `_` never reaches us in the chain, but may elsewhere.
_plain = re.compile(
    rf"\w+(?:(?:(?<={_letter})[{_MID_LETTER}{_MID_BOTH}](?={_letter})|(?<=\d)[{_MID_NUMBER}{_MID_BOTH}](?=\d))\w+)*"
)


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Each token with its offsets in `text`."""
    pattern = _full() if _rare().search(text) else _plain
    for found in pattern.finditer(text):
        token, start, end = found[0], found.start(), found.end()
        if len(token) > LONGEST:
            yield from _pieces(token, start)
        elif token.strip("_"):
            yield token, start, end


def terms(text: str) -> list[str]:
    """The tokens of `text` alone: what an index needs, in a third of the time."""
    if _rare().search(text):
        return [token for token, _, _ in tokens(text)]
    found = _plain.findall(text)
    if len(max(found, key=len, default="")) > LONGEST or "_" in text:
        return [token for token, _, _ in tokens(text)]
    return found


def _pieces(token: str, start: int) -> Iterator[tuple[str, int, int]]:
    for at in range(0, len(token), LONGEST):
        piece = token[at : at + LONGEST]
        yield piece, start + at, start + at + len(piece)


@cache
def _classes() -> tuple[str, str]:
    """Ranges of the transparent marks (Extend and Format), and of what `\\w` holds that is neither letter nor digit."""
    transparent, other = [], []
    for code in (*range(0x80, 0x3400), *range(0xA000, 0xAC00), *range(0xFB00, 0x10000)):
        category = unicodedata.category(chr(code))
        if category in {"Mn", "Me", "Mc", "Cf"} and code != 0x200B:
            transparent.append(code)
        elif category == "No":
            other.append(code)
    return _ranges(transparent), _ranges(other)


def _ranges(codes: list[int]) -> str:
    parts: list[list[int]] = []
    for code in codes:
        if parts and parts[-1][1] == code - 1:
            parts[-1][1] = code
        else:
            parts.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in parts)


@cache
def _rare() -> re.Pattern[str]:
    transparent, other = _classes()
    return re.compile(f"[{transparent}{other}{_HAN}{_HIRAGANA}{_KATAKANA}{_CONNECTORS[1:]}\u066b]")


@cache
def _full() -> re.Pattern[str]:
    transparent, other = _classes()
    mark = f"[{transparent}]"
    marks = f"{mark}*"
    letter = rf"[^\W\d_{other}{_HAN}{_HIRAGANA}{_KATAKANA}]"
    number = "[\\d\u066b]"
    connector = f"[{_CONNECTORS}]{marks}"
    atom = (
        f"(?:{letter}{marks}(?:[{_MID_LETTER}{_MID_BOTH}]{marks}(?={letter}))?"
        f"|{number}{marks}(?:[{_MID_NUMBER}{_MID_BOTH}]{marks}(?={number}))?)"
    )
    word = f"(?:{connector})*{atom}(?:{atom}|{connector})*"
    return re.compile(f"{word}|[{_HAN}{_HIRAGANA}]{marks}|[{_KATAKANA}](?:[{_KATAKANA}]|{mark}|{connector})*")
