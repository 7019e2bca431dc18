"""What the values in a source file must be: each check raises ValueError saying it."""

import ipaddress
import re
from collections.abc import Callable
from difflib import get_close_matches
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from news.sources.countries import CODES
from news.sources.durations import parse_duration

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_EMPTY_PAGE = LexborHTMLParser("<p>")


def one_of(*words: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in words:
            raise ValueError("must be " + ", ".join(words[:-1]) + " or " + words[-1])

    return check


def identifier(value: str) -> None:
    if not _ID.fullmatch(value):
        raise ValueError("must be made of a-z, 0-9 and single hyphens")


def address(value: str) -> None:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or any(letter.isspace() for letter in value):
        raise ValueError("must be whole addresses that begin with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must be an address without a user name or password")


def domain(value: str) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if not _HOST.fullmatch(value):
            raise ValueError("must be bare domains such as example.com, without https:// and path") from None


def country(value: str) -> None:
    if value not in CODES:
        raise ValueError("must be a two-letter code of ISO 3166 in capitals, such as QA")


def zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = get_close_matches(value, available_timezones(), n=1) or ["Asia/Qatar"]
        raise ValueError(f"must be an IANA time zone such as {close[0]}") from None


def language(value: str) -> None:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError("must be a language code such as ar")


def expression(value: str) -> None:
    try:
        pattern = re.compile(value)
    except re.error as error:
        raise ValueError(f"must be regular expressions ({error})") from None
    if pattern.search(""):
        raise ValueError("must be regular expressions that do not match everything")


def duration(value: str) -> None:
    parse_duration(value)


def selector(value: str) -> None:
    try:
        _EMPTY_PAGE.css(value)
    except SelectolaxError:
        raise ValueError("must be a CSS selector") from None
