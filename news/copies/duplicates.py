"""Whether an article is new, or a copy of one that is stored: one pure decision that says why.

MinHash proposes: shared bands bring the candidates. Then the texts themselves are compared: how much of the shorter
one's wording the longer one has, what the two and their headlines name that the other lacks, and whether they tell of
different events (`news.copies.events`), because template news shares its wording. A missed copy is better than a false
one. Every judgement is the same whichever of the two articles came first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from news.copies.events import contradiction
from news.copies.knowledge import Knowledge
from news.copies.portraits import Portrait, portrait, shared_shingles, shared_words, wording
from news.documents import Article, Candidate, Decision, DecisionKind, Fingerprint, ParsedDate, Precision

# The share of the shorter text's 3-shingles that the longer one must have. docs/duplicates.md has the measurements.
CONTAINED: Final = 0.35
# An outlet's follow-up repeats its own background, and news of another day its own phrases.
CONTAINED_AGAIN: Final = 0.5
LATER: Final = timedelta(days=3)
# Words changed here and there leave few shingles whole: then most words must be there, and what the headlines name.
LOOSELY: Final = 0.12
LOOSE_WORDS: Final = 0.57
LOOSE_STRANGE: Final = 0.4
LOOSE_HEADLINE: Final = 0.4
# Of the telling words of one text, those that the other lacks: in the text that lacks the other's less.
STRANGE: Final = 0.45
STRANGE_AGAIN: Final = 0.3
# Of its rare words alone: they are few, and an editor's own are among them.
STRANGE_RARE: Final = 0.7
# Of what a headline names: two reports made one, and another event with this one's background, are no copies. Unless
# one text has nearly all of the other, or of what it names.
HEADLINE: Final = 0.6
WHOLE: Final = 0.85
FAMILIAR: Final = 0.2
# At this similarity only a few words differ.
SAME_TEXT: Final = 0.95
# Words of a text that says something under any headline; below it may only be «watch the video».
SHORT: Final = 20
SAME_DOCUMENT_WITHIN: Final = timedelta(hours=48)
EXACT: Final = frozenset({Precision.SECOND, Precision.MINUTE, Precision.HOUR, Precision.DAY})


@dataclass(frozen=True, slots=True)
class Judged:
    candidate: Candidate
    similarity: float
    accepted: bool
    reason: str


def decide(
    article: Article, fingerprint: Fingerprint, candidates: Sequence[Candidate], knowledge: Knowledge
) -> Decision:
    """NEW, SAME_DOCUMENT (this outlet's own text at another address) or DUPLICATE of the most similar candidate.

    `of` is the document that leads the copy's cluster (the first seen), or the document it is the same as.
    """
    return conclude(article, judge(article, fingerprint, candidates, knowledge))


def judge(
    article: Article, fingerprint: Fingerprint, candidates: Sequence[Candidate], knowledge: Knowledge
) -> list[Judged]:
    """Of each candidate for itself, whether the article is its copy, and why."""
    return [_judge(article, fingerprint, candidate, knowledge) for candidate in candidates]


def conclude(article: Article, judged: Sequence[Judged]) -> Decision:
    accepted = sorted(
        (one for one in judged if one.accepted),
        key=lambda one: (-one.similarity, one.candidate.first_seen_at, one.candidate.id),
    )
    if not accepted:
        return _new(judged)
    twin = next((one for one in accepted if _is_same_document(article, one)), None)
    if twin:
        return Decision(
            kind=DecisionKind.SAME_DOCUMENT,
            of=twin.candidate.id,
            reason=f"the same outlet's text at another address ({twin.reason})",
            similarity=twin.similarity,
        )
    best = accepted[0]
    leader = best.candidate.duplicate_of or best.candidate.id
    return Decision(kind=DecisionKind.DUPLICATE, of=leader, reason=best.reason, similarity=best.similarity)


def _new(judged: Sequence[Judged]) -> Decision:
    if not judged:
        return Decision(kind=DecisionKind.NEW, reason="nothing stored shares its wording")
    nearest = max(judged, key=lambda one: one.similarity)
    return Decision(kind=DecisionKind.NEW, reason=nearest.reason, similarity=nearest.similarity)


def _judge(article: Article, fingerprint: Fingerprint, candidate: Candidate, knowledge: Knowledge) -> Judged:
    if candidate.content_hash == fingerprint.content_hash:
        return Judged(candidate, 1.0, True, "the same words in title and text")
    tellings = [(one.title, knowledge.told(one.source, one.text)) for one in (article, candidate)]
    one, other = (wording(*telling) for telling in tellings)
    if one.body == other.body and len(one.body) >= SHORT:
        return Judged(candidate, 1.0, True, "the same words under another headline")
    alike, contained = shared_shingles(one, other)
    again = candidate.source == article.source or _is_later(article.published, candidate.published_at)
    if contained < (CONTAINED_AGAIN if again else LOOSELY):
        return Judged(candidate, alike, False, f"only {contained:.2f} of the shorter text's wording is shared")
    mine, theirs = (portrait(*telling) for telling in tellings)
    if difference := contradiction(mine, theirs):
        return Judged(candidate, alike, False, difference)
    common = _common(mine, theirs, contained, knowledge)
    reason = f"{contained:.2f} of the shorter text's wording is shared, {1 - common.strange:.2f} of what it names"
    if knowledge.is_enough:
        reason += f" and {1 - common.rare:.2f} of its rare words, by {knowledge.documents:,} documents"
    if objection := _objection(common, again):
        return Judged(candidate, alike, False, f"{reason}; {objection}")
    return Judged(candidate, alike, True, reason)


class _Common(NamedTuple):
    """`contained`: the share of the shorter text's 3-shingles that the longer one has; `words`: of its different words.
    `strange`: the share of what one text names and the other lacks; `rare`: the same of rare words; each of the two the
    smaller, as a copy may be cut short. `headline`: of what a headline names, what the other article lacks."""

    contained: float
    words: float
    strange: float
    rare: float
    headline: float


def _common(one: Portrait, other: Portrait, contained: float, knowledge: Knowledge) -> _Common:
    mine, theirs = _lacked(one, other, knowledge), _lacked(other, one, knowledge)
    headline = max(other.lacks_of(one.title), one.lacks_of(other.title))
    return _Common(contained, shared_words(one, other), min(mine[0], theirs[0]), min(mine[1], theirs[1]), headline)


def _objection(common: _Common, again: bool) -> str | None:
    """Why texts that share wording, and do not contradict each other, are still no copies."""
    if common.strange > (STRANGE_AGAIN if again else STRANGE) or common.rare > STRANGE_RARE:
        return "too much is named that the other lacks"
    if common.contained < CONTAINED and (
        common.words < LOOSE_WORDS or common.strange > LOOSE_STRANGE or common.headline > LOOSE_HEADLINE
    ):
        return f"and only {common.words:.2f} of its words"
    if common.headline > HEADLINE and common.contained < WHOLE and common.strange > FAMILIAR:
        return f"a headline names what the other lacks, {common.headline:.2f} of it"
    return None


def _lacked(one: Portrait, other: Portrait, knowledge: Knowledge) -> tuple[float, float]:
    lacked = np.fromiter(map(other.met.isdisjoint, one.telling), dtype=np.bool_, count=len(one.telling))
    share = int(lacked.sum()) / max(1, len(lacked))
    if not knowledge.is_enough:
        return share, 0.0
    rare = knowledge.rare(one.hashes)
    return share, int((lacked & rare).sum()) / max(1, int(rare.sum()))


def _is_later(one: ParsedDate | None, other: datetime | None) -> bool:
    """Whether the two were published on different days. What has no date, or a coarse one, says nothing."""
    return one is not None and other is not None and one.precision in EXACT and abs(one.value - other) > LATER


def _is_same_document(article: Article, twin: Judged) -> bool:
    """The same outlet, nearly every word, the same headline, and not months apart."""
    candidate = twin.candidate
    apart = article.fetched_at - candidate.first_seen_at
    mine, theirs = (wording(one.title, one.text).title for one in (article, candidate))
    return (
        candidate.source == article.source
        and twin.similarity >= SAME_TEXT
        and mine == theirs
        and abs(apart) <= SAME_DOCUMENT_WITHIN
    )
