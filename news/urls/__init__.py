"""Addresses: one identity for all spellings of an address, the form to request, and whose it is.

The work is done on the escaped form throughout. Only escapes of unreserved characters (RFC 3986, 6.2.2.2) and of
non-ASCII characters are ever read, so that %2F, %26 or %25 keep their meaning.
"""

import re
from functools import lru_cache
from ipaddress import IPv6Address
from unicodedata import is_normalized, normalize
from urllib.parse import unquote, urljoin

import idna
from tldextract import TLDExtract

from news.documents import Source
from news.urls.traps import trap
from news.urls.variants import fold_path, fold_query, fold_session, unfold_amp_cache

__all__ = [
    "canonical",
    "decoded_path",
    "fetchable",
    "host_of",
    "in_scope",
    "join",
    "matches_article",
    "site_of",
    "trap",
]

_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_][a-z0-9_-]{0,62}")
_IPV6 = re.compile(r"\[([0-9a-fA-F:.]+)\](?::([0-9]*))?")
_NUMERIC_HOST = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_INVISIBLE = re.compile(r"[\t\n\r]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOT_URI = re.compile(r"[^!#-;=?-Z_a-z~]+|%(?![0-9A-Fa-f]{2})")  # what RFC 3986 never allows raw in path or query
# nearly all addresses: Arabic letters and digits without marks, which NFC leaves alone, and the commonest escapes
_NORMAL = re.compile(r"(?:[!#$&-;=?-Z_a-z~]|%D8%[AB][0-9A-F]|%D9%(?:8[0-9A]|A[0-9])|%2[0-9A-CF])*+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HIGH_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_LOW_ESCAPE = re.compile(r"%[0-7][0-9A-Fa-f]")
_WITH_MARKS = re.compile(r"(?:(?<!%)(?<!%[0-9A-F])[A-Za-z0-9])?[^\x00-\x7f]+")
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_LONGEST = 16_384  # no server reads a longer one; far above what counts as a trap
_DEFAULT_PORT = {"http": "80", "https": "443"}


@lru_cache(maxsize=512)  # every step of a page asks for its own address
def canonical(url: str) -> str:
    """The identity of an address, itself a working address in all usual cases.

    One for IRI and escaped form, any case of escapes, NFC or not, tracking and session parameters, AMP and print
    variants, http and https. http counts as https only for names on default ports: an address literal or an explicit
    port says exactly which server is meant. Raises ValueError for what is no http(s) address.
    """
    original: str | None = url
    while original is not None:  # for as long as it is the address of a copy in a cache
        scheme, authority, path, query = _split(original)
        host, named = _authority(scheme, authority)
        path = _without_dots(fold_session(_normal(path)))
        original = unfold_amp_cache(host, path, query)
    path = fold_path(path)
    query = fold_query(_normal(query))
    return f"{'https' if named else scheme}://{host}{path}{'?' + query if query else ''}"


def fetchable(url: str) -> str:
    """The address to request: escaped as servers expect it and without its fragment, otherwise as it was given.

    Raises ValueError for what is no http(s) address.
    """
    scheme, authority, path, query = _split(url)
    host, _ = _authority(scheme, authority)
    return f"{scheme}://{host}{_without_dots(_escape(path)) or '/'}{'?' + _escape(query) if query else ''}"


def site_of(url: str) -> str:
    """The registered domain; a host without one (an address, localhost, a public suffix) is a site of its own."""
    return _site(host_of(url))


def host_of(url: str) -> str:
    """The host, lower-case and in punycode, without port. Raises ValueError for what is no http(s) address."""
    scheme, authority, _, _ = _split(url)
    host, _ = _authority(scheme, authority)
    return _without_port(host)


def decoded_path(url: str) -> str:
    """Path and query as people read them, for the `articles` patterns: of the canonical form, without tracking."""
    return unquote("/" + canonical(url).split("/", 3)[3], errors="replace")


def join(base: str, href: str) -> str | None:
    """The absolute form of a link as it stands in a page, ready to be requested, or None where it leads nowhere."""
    href = _trimmed(href).replace("\\", "/")
    if not href or href[0] == "#" or _OTHER_SCHEME.match(href):
        return None
    if "&amp;" in href:  # escaped twice by whoever wrote the page
        href = re.sub("&(?:amp;)+", "&", href)
    try:
        return fetchable(href if _ABSOLUTE.match(href) else urljoin(base, href))
    except ValueError:
        return None


def matches_article(source: Source, url: str) -> bool | None:
    """Whether the source's `articles` patterns know this address; None where it has none."""
    if not source.articles:
        return None
    try:
        address = decoded_path(url)
    except ValueError:
        return False
    path = address.partition("?")[0]  # a stray parameter must not hide an address from a pattern that ends in $
    return any(pattern.search(address) or pattern.search(path) for pattern in _patterns(source.articles))


def in_scope(source: Source, url: str) -> bool:
    """Whether an address is on one of the source's domains or on a host below them."""
    try:
        host = host_of(url)
    except ValueError:
        return False
    return any(host == domain or host.endswith("." + domain) for domain in _domains(source))


def _split(url: str) -> tuple[str, str, str, str]:
    if len(url) > _LONGEST:
        raise ValueError(f"an address of {len(url)} characters")
    if not url.isascii() and _SURROGATE.search(url):
        raise ValueError("an address with half a character")
    match = _PARTS.match(_trimmed(url))
    if match is None:
        raise ValueError(f"not an http(s) address: {url[:200]!r}")
    scheme, authority, path, query = match.groups("")
    if "\\" in authority or "\\" in path:  # browsers read them as slashes, and some pages are written on Windows
        authority, slash, rest = authority.partition("\\")
        path = (slash + rest + path).replace("\\", "/")
    return scheme.lower(), authority, path, query


def _trimmed(url: str) -> str:
    return url.strip() if url.isprintable() else _INVISIBLE.sub("", url).strip()


@lru_cache(maxsize=8192)
def _authority(scheme: str, authority: str) -> tuple[str, bool]:
    """Host with its port where that is not the scheme's own, and whether it is a name on the default port."""
    address = authority.rpartition("@")[2]  # credentials are no part of an identity, and not ours to send
    if address.startswith("["):
        match = _IPV6.fullmatch(address)
        if match is None:
            raise ValueError(f"not a host: {authority[:200]!r}")
        host, port, name = f"[{IPv6Address(match[1]).compressed}]", match[2] or "", False
    else:
        raw, _, port = address.partition(":")
        host = _host_name(raw)
        name = "." in host and not _NUMERIC_HOST.fullmatch(host)
    port = _port(port)
    if port in ("", _DEFAULT_PORT[scheme]):
        return host, name
    return f"{host}:{port}", False


def _port(port: str) -> str:
    if not port:
        return ""
    if not (port.isascii() and port.isdigit() and len(port) < 8 and int(port) < 65536):
        raise ValueError(f"not a port: {port[:20]!r}")
    return str(int(port))


def _host_name(raw: str) -> str:
    host = unquote(raw, errors="strict") if "%" in raw else raw
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")
    host = host.lower().removesuffix(".")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise ValueError(f"not a host: {raw[:200]!r}")
    return host


def _without_port(host: str) -> str:
    return host[: host.index("]") + 1] if host.startswith("[") else host.partition(":")[0]


def _normal(text: str) -> str:
    """Path or query in its one escaped form."""
    if _NORMAL.fullmatch(text):
        return text
    if "%" in text:
        text = _LOW_ESCAPE.sub(_read_low, _STRAY_PERCENT.sub("%25", text))
        text = _HIGH_ESCAPES.sub(_read_high, text)
    if not text.isascii() and not is_normalized("NFC", text):
        # by runs: a mark after a delimiter ("=" and U+0338 are «≠») must not swallow it
        text = _WITH_MARKS.sub(_composed, text)
    return _escape(text)


def _read_high(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "surrogateescape")


def _read_low(escape: re.Match[str]) -> str:
    character = chr(int(escape[0][1:], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _composed(run: re.Match[str]) -> str:
    return normalize("NFC", run[0]).replace(";", "%3B")  # U+037E is a semicolon in NFC


def _escape(text: str) -> str:
    return _NOT_URI.sub(_escape_run, text)


def _escape_run(run: re.Match[str]) -> str:
    return "%" + run[0].encode("utf-8", "surrogateescape").hex("%").upper()


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4, for an absolute path."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if segments[-1] in (".", "..") and kept else "")


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    # the list that ships with the library: nothing is fetched, nothing written
    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


@lru_cache(maxsize=8192)
def _site(host: str) -> str:
    if host.startswith("[") or _NUMERIC_HOST.fullmatch(host):
        return host
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=1024)
def _patterns(articles: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in articles)


def _domains(source: Source) -> tuple[str, ...]:
    if not source.allowed_domains:
        return (site_of(source.homepage),)
    return _host_names(source.allowed_domains)


@lru_cache(maxsize=1024)
def _host_names(domains: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_without_port(_authority("https", domain)[0]) for domain in domains)
