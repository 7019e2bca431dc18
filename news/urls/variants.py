"""Parts of an address that change how an article is shown or who sent the reader, never which article it is.

All functions take and give the escaped form. A rule is here only if it is safe for every outlet; variants on other
hosts (m., amp.) are told by the page's own rel=canonical.
"""

import re

_CACHE_HOST = re.compile(r"[a-z0-9-]+\.cdn\.ampproject\.org|www\.(?:google|bing)\.[a-z.]{2,6}")
_CACHE_PATH = re.compile(r"/(?:[a-z]|amp)/(s/)?(?=[^/]+\.[^/]+/)")
_PATH_SESSION = re.compile(
    r";(?:jsessionid|phpsessid|sid|aspsessionid[a-z]*)=[^/;]*|/\((?:[a-z]\([a-z0-9_-]{20,}\))+\)(?=/)", re.IGNORECASE
)
_PATH_VARIANT = re.compile(r"(?<=[^/.])(?:/amp(?=/?$)|\.amp(?=$|\.html?$)|(?<=[0-9]{4})/print(?=/?$))", re.IGNORECASE)
_ESCAPED_AMPERSAND = re.compile(r"(?:^|&)(?:amp;)+")

# one parameter, «name» or «name=value»
_IDLE = re.compile(
    r"""(?:
      # who sent the reader
      (?: (?:utm|at|ns|mtm|hsa|guce|fb)_[^=]* | pk_(?:campaign|kwd|keyword|source|medium|content) | _hs(?:enc|mi)
        | (?:fb|g|d|ms|y|ys|tw|tt)clid | gclsrc | [gw]braid | li_fat_id | igshid | igsh | mc_[ce]id | mkt_tok | _g[al]
        | _openstat | __twitter_impression | ocid | xtor | cmp(?:id)? | icid | intcmp | wt_z?mc | maca | s_cid | mbid
        | traffic_source | ref_(?:src|url) | referrer | guccounter | hsctatracking | hss_channel | vero_id | spref
        | soc_(?:src|trk) | replytocom | doing_wp_cron | __cf_chl_[^=]* ) (?:=.*)?
    | (?:ref|source|src|from|via|share|partner) = (?:rss|feeds?|atom|tw|twitter|x|fb|facebook|whatsapp|telegram
        |instagram|linkedin|google|googlenews|gnews|newsletter|email|social|app|push|notification|home|homepage|hp)
      # how the page is shown
    | (?:amp|isamp|print|printable) (?:= (?:[01]|true|false|yes|no|y|n)?)?
    | (?:output|outputtype|format|view|mode) = (?:amp|print) | ot=ot\.(?:amp|print)[a-z]*
      # whose session it is
    | (?:(?:php|j)?sess(?:ion)?_?id|aspsessionid[a-z]*|cfid|cftoken) (?:=.*)?
    | s(?:id)? = [0-9a-f]{32}
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def unfold_amp_cache(host: str, path: str, query: str) -> str | None:
    """The outlet's own address of a page in an AMP cache; None for any other page."""
    if not _CACHE_HOST.fullmatch(host):
        return None
    match = _CACHE_PATH.match(path)
    return f"{'https' if match[1] else 'http'}://{path[match.end() :]}?{query}" if match else None


def fold_session(path: str) -> str:
    """Without session ids."""
    return (_until_stable(_PATH_SESSION, path) if ";" in path or "/(" in path else path) or "/"


def fold_path(path: str) -> str:
    """Without the endings of AMP and print pages."""
    end = path[-10:].lower()
    return _until_stable(_PATH_VARIANT, path) if "amp" in end or "print" in end else path


def _until_stable(removed: re.Pattern[str], text: str) -> str:
    count = 1
    while count:
        text, count = removed.subn("", text)
    return text


def fold_query(query: str) -> str:
    """Without what tracks, and without «&» that was escaped for HTML; the order stays."""
    if not query:
        return query
    if "amp;" in query:
        query = _ESCAPED_AMPERSAND.sub("&", query)
    return "&".join(part for part in query.split("&") if part and not _IDLE.fullmatch(part))
