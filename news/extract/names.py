"""What class names, ids and tags say of an element: the habits of web designers, in one table."""

import itertools
import re
from enum import IntEnum
from functools import lru_cache


class Role(IntEnum):
    """What a box is for. Of several that its names suggest, the last one here wins."""

    NONE = 0
    NAVIGATION = 1
    SIDEBAR = 2
    COMMENTS = 3
    NEWSLETTER = 4
    SHARE = 5
    ADVERTISEMENT = 6
    POPULAR = 7
    RELATED = 8
    BREADCRUMB = 9
    TAGS = 10
    CAPTION = 11
    BYLINE = 12
    DATE = 13
    BODY = 14

    @property
    def noise(self) -> bool:
        """No text of the article stands in such a box."""
        return self in _NOISE


BREAKING = frozenset(  # an inline element of these roles is a line of its own
    (Role.BYLINE, Role.DATE, Role.CAPTION, Role.SHARE, Role.BREADCRUMB, Role.TAGS, Role.RELATED, Role.POPULAR)
)
_NOISE = frozenset(
    (
        Role.NAVIGATION, Role.SIDEBAR, Role.COMMENTS, Role.NEWSLETTER, Role.SHARE, Role.ADVERTISEMENT, Role.POPULAR,
        Role.RELATED, Role.BREADCRUMB, Role.TAGS, Role.CAPTION,
    )
)  # fmt: skip

_TAGS = {
    "nav": Role.NAVIGATION,
    "footer": Role.NAVIGATION,
    "menu": Role.NAVIGATION,
    "aside": Role.SIDEBAR,
    "figcaption": Role.CAPTION,
    "time": Role.DATE,
    "address": Role.BYLINE,
}

# A name counts when one of its words is here, or two words in a row joined by a hyphen.
_WORDS: dict[Role, str] = {
    Role.COMMENTS: "comment comments disqus fb-comments reply replies respond discussion commentlist comments-area",
    Role.NEWSLETTER: "newsletter membership member-box join-us donate donation call-to-action "
    "subscribe subscription signup sign-up mailing-list mailchimp paywall-promo login-box",
    Role.SHARE: "share sharing shares social socials sharebar sharethis addthis addtoany share-buttons social-share "
    "socialsharing followus follow-us follow whatsapp print-button toolbar utility-bar tools storytools",
    Role.ADVERTISEMENT: "ad ads advert advertisement advertising adsbygoogle dfp gpt outbrain taboola banner sponsor "
    "sponsored promo promotion promoted teads postquare mgid e3lan adslot adunit cookie cookies consent gdpr",
    Role.POPULAR: "popular mostread most-read mostviewed most-viewed most-popular trending trend latest latest-news "
    "recent recent-posts top-stories topstories ticker breaking-news newsticker breaking marquee headlines "
    "mostwatched most-watched editors-picks",
    Role.RELATED: "related relatednews related-news related-articles related-posts relatedarticles relatedposts "
    "see-also seealso more-on moreon recommended recommendation recommendations read-more readmore readalso read-also "
    "also-read similar you-may-like embedded-content yarpp jp-relatedposts crp_related",
    Role.BREADCRUMB: "pathway breadcrumb breadcrumbs breadcumb breadcrump crumbs crumb",
    Role.TAGS: "tags tag-list taglist tagcloud post-tags entry-tags keywords topics-list tags-list article-tags",
    Role.CAPTION: "caption figcaption img-cap imgcap wp-caption-text photo-caption image-caption credit photocredit "
    "photo-credit image-credit copyright slide-caption gallery-caption media-caption row-inner-title",
    Role.BYLINE: "byline author authors author-name writer writeby writtenby written-by reporter journalist "
    "contributor post-author article-author editor by-line autor vcard",
    Role.DATE: "date dates time timestamp datetime pubdate published publish-date published-date publishdate "
    "publish-time post-date posted-on entry-date article-date news-date newsdate date-time tmstmp dateline updated "
    "last-update publishtime storydate",
    Role.NAVIGATION: "nav navbar navigation menu menus submenu mainmenu footer site-footer page-footer masthead "
    "topbar top-bar site-header page-header skip-link skip-links pagination pager sitemap search searchbox "
    "search-form copyrights site-map offcanvas hamburger megamenu mega-menu",
    Role.SIDEBAR: "sidebar side-bar sidebars aside widget-area rail right-rail rightrail leftrail side-column popup "
    "modal overlay lightbox toast",
    Role.BODY: "articlebody article-body body-text story-body storybody entry-content post-content article-content "
    "articlecontent articletext article-text news-content newscontent story-content content-body post-body "
    "postbody wysiwyg story-text storytext newsbody news-body news-text newstext bodytext articledetails "
    "article-details news-details content-text entry td-post-content rich-text richtext",
}  # fmt: skip
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_OWN_FOOTER = re.compile(r"(?:post|entry|article|story)-?footer", re.I)  # the end of an article, not of the page
# Wrappers of a whole page name what stands beside the article: "has-sidebar", "no-comments", "layout-sidebar-right".
_WRAPPER = re.compile(
    r"^(?:has|no|with|without|layout|page|is|single|body|main|wrap|wrapper|container|js|category|tag|status|format)[-_]",
    re.I,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APART = re.compile(r"[^A-Za-z0-9]+")


@lru_cache(maxsize=8192)
def role_of(tag: str, names: str) -> Role:
    found = _TAGS.get(tag, Role.NONE)
    if names and tag not in ("body", "html"):
        found = max((found, *map(_role_of_name, names.split())))
    return found


@lru_cache(maxsize=8192)
def _role_of_name(name: str) -> Role:
    if len(name) > 60 or _WRAPPER.match(name) or _OWN_FOOTER.match(name):
        return Role.NONE
    words = _APART.split(_CAMEL.sub("-", name).lower())
    whole = _ROLES.get("".join(words))
    if whole is not None:
        return whole
    pairs = (f"{left}-{right}" for left, right in itertools.pairwise(words))
    return max(_ROLES.get(word, Role.NONE) for word in (*words, *pairs))
