"""Lengths of time as people write them in settings: 90s, 15m, 6h, 30d, 1h30m."""

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PART = re.compile(r"(\d+)([smhdw])")
_WHOLE = re.compile(r"(?:\d+[smhdw])+")


def parse_duration(text: str) -> timedelta:
    """Raises ValueError for anything but whole numbers with a unit, and for lengths that are zero or absurd."""
    compact = "".join(text.split()).lower()
    if not compact.isascii() or not _WHOLE.fullmatch(compact):
        raise ValueError("must be a length of time such as 90s, 15m, 6h or 30d")
    try:
        length = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in _PART.findall(compact)), timedelta())
    except (OverflowError, ValueError):
        raise ValueError("is too long a time; write for example 30d") from None
    if not length:
        raise ValueError("must be longer than zero; write for example 15m")
    return length
