"""Lines inside the text's box that are not text: captions, share bars, policies, invitations, tag lists, credits."""

import re
from functools import lru_cache

from news.arabic import normalise
from news.extract.author_words import is_nobody
from news.extract.authors import is_byline, links_writer
from news.extract.credits import credit_names, is_closing_credit, is_dateline
from news.extract.dom import Line
from news.extract.headings import FOLDED, Heading, is_button, kind_of, split_lead
from news.extract.names import Role
from news.extract.phrase_lists import fold, phrases

_SMALL = 80  # characters of a line that a date, a byline or a tag list fills
_POLICY_LINK = re.compile(r"privacy|terms|guidelines|policy|سياسة-الخصوصية|شروط-الاستخدام", re.IGNORECASE)
_LENGTH = re.compile(r"(?:^|\D)\d{1,2}:\d\d(?::\d\d)?$")
_PLAYER = re.compile(r"video|player|(?:^|[\s_-])vid(?:$|[\s_-])|youtube|podcast", re.IGNORECASE)
_is_whole = re.compile(rf"\W*{phrases('labels')}\W*").fullmatch
_begins = re.compile(rf"\W*{phrases('invitations')}").match


@lru_cache(maxsize=2048)
def phrase_of(text: str) -> str | None:
    """Whether the words of a line alone say that it is no text."""
    folded = fold(text[:FOLDED])
    if len(text) <= 120 and _is_whole(folded):
        return "label"
    if len(text) <= 420 and _begins(folded):
        return "invitation or policy"
    return None


def furniture(line: Line) -> str | None:
    """Why a line within the text's box is not text, or None."""
    text = line.text
    role = line.box.role
    if role in (Role.DATE, Role.BYLINE) and len(text) <= _SMALL and not text.endswith("."):
        return role.name.lower()
    if line.link_share > 0.8:
        return "link"
    if any(_POLICY_LINK.search(anchor.href) for anchor in line.anchors):
        return "policy"
    if not any(map(str.isalnum, text)):
        return "ornament"
    if text[-1].isdigit() and _LENGTH.search(text) and any(_PLAYER.search(box.names) for box in line.box.ancestors(2)):
        return "video"
    if is_button(text) or kind_of(text) in (Heading.ABOUT, Heading.WEAK):
        return "heading of links"
    return _read_also(line) or phrase_of(text) or _credit(line)


def _read_also(line: Line) -> str | None:
    lead = split_lead(line.text)
    if lead is None:
        return None
    if line.link_share > 0.35 or (len(line.text) < 200 and _marked(line.text, lead[0])):
        return "read also"
    return None


def _marked(text: str, lead: str) -> bool:
    """Whether a colon, dots or a bar part the lead from its headline: «اقرأ أيضا: …», not «تابع أيضا سير العمل»."""
    after = text[text.find(lead) + len(lead) :].lstrip()[:3]
    return bool(re.match(r"[:|»«>]|\.\.|…|[\-–—] ", after))


def _credit(line: Line) -> str | None:
    text = line.text
    if credit_names(text) or is_closing_credit(text):
        return "credit"
    if line.level:
        return None
    if is_dateline(text):
        return "dateline"
    return "byline" if is_byline(text) or _presents(line) else None


def _presents(line: Line) -> bool:
    """«<a>سلام الأيوبي</a> - صحافي لبناني»: a writer's link and, at most, what he is."""
    if len(line.text) > _SMALL or len(line.anchors) != 1 or not links_writer(line.anchors[0]):
        return False
    rest = line.text.removeprefix(line.anchors[0].text).strip(" -–—|،,:")
    return rest != line.text and (not rest or is_nobody(normalise(rest)))
