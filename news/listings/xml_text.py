"""Decoded text made fit for an XML parser, which stops at the first character that XML forbids."""

import re

_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>", re.IGNORECASE)  # it names an encoding that is no longer true
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCES = re.compile(r"(?:&#(?:x[0-9a-f]{1,8}|[0-9]{1,10});)+", re.IGNORECASE)
_LONG_REFERENCE = re.compile(r"&#(?:x[0-9a-f]{9,}|[0-9]{11,});", re.IGNORECASE)
_SURROGATES = range(0xD800, 0xE000)


def as_xml(text: str) -> str:
    """Without its declaration; forbidden characters are dropped, and references to them become U+FFFD."""
    text = _FORBIDDEN.sub("", _DECLARATION.sub("", text, count=1))
    if "&#" not in text:
        return text
    return _REFERENCES.sub(_legal, _LONG_REFERENCE.sub("\ufffd", text))


def _legal(run: re.Match[str]) -> str:
    """References as they are, if they are legal. Two halves of a character («&#55357;&#56832;») become it."""
    codes = [int(code[1:], 16) if code[0] in "xX" else int(code) for code in re.findall(r"&#(\w+);", run[0])]
    if not any(_is_forbidden(code) for code in codes):
        return run[0]
    text = "".join(chr(code) if code in _SURROGATES or not _is_forbidden(code) else "\ufffd" for code in codes)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"&#{ord(character)};" for character in text)  # one of them may be «<»


def _is_forbidden(code: int) -> bool:
    return code > 0x10FFFF or code in _SURROGATES or code in (0xFFFE, 0xFFFF) or (code < 32 and code not in (9, 10, 13))
