"""Whether an article is new, or a copy of one that is stored: one pure decision that says why.

MinHash proposes: shared bands bring the candidates. Then the texts themselves are compared: how much of the shorter
one's wording the longer one has, what the two name that the other lacks, and whether they tell of different events
(`news.copies.events`), because template news shares its wording. A missed copy is better than a false one.
Every judgement is the same whichever of the two articles came first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from typing import Final

from news.copies.events import contradiction
from news.copies.fingerprints import similarity
from news.copies.knowledge import Knowledge
from news.copies.portraits import Portrait, portrait, shared_shingles
from news.documents import Article, Candidate, Decision, DecisionKind, Fingerprint, ParsedDate, Precision

# Estimated Jaccard of 3-shingles below which the texts are not looked at: a short copy of a long report still has more.
LEAST_SIMILAR: Final = 0.05
# The share of the shorter text's 3-shingles that the longer one must have. docs/duplicates.md has the measurements.
CONTAINED: Final = 0.35
# An outlet's follow-up repeats its own background, and news of another day its own phrases.
CONTAINED_AGAIN: Final = 0.5
LATER: Final = timedelta(days=3)
# Of the telling words of one text, those that the other lacks: in the text that lacks the other's less.
STRANGE: Final = 0.45
STRANGE_AGAIN: Final = 0.3
# Of its rare words alone: they are few, and an editor's own are among them.
STRANGE_RARE: Final = 0.6
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
    alike = similarity(fingerprint.minhash, candidate.minhash)
    if alike < LEAST_SIMILAR:
        return Judged(candidate, alike, False, f"only {alike:.2f} of the wording is shared")
    mine, theirs = (portrait(one.title, knowledge.told(one.source, one.text)) for one in (article, candidate))
    if mine.body == theirs.body and len(mine.body) >= SHORT:
        return Judged(candidate, 1.0, True, "the same words under another headline")
    alike, contained = shared_shingles(mine, theirs)
    again = candidate.source == article.source or _is_later(article.published, candidate.published_at)
    if contained < (CONTAINED_AGAIN if again else CONTAINED):
        return Judged(candidate, alike, False, f"only {contained:.2f} of the shorter text's wording is shared")
    if difference := contradiction(mine, theirs):
        return Judged(candidate, alike, False, difference)
    strange, rare = _strange(mine, theirs, knowledge)
    reason = f"{contained:.2f} of the shorter text's wording is shared, {1 - strange:.2f} of what it names"
    if knowledge.is_enough:
        reason += f" and {1 - rare:.2f} of its rare words, by {knowledge.documents:,} documents"
    accepted = strange <= (STRANGE_AGAIN if again else STRANGE) and rare <= STRANGE_RARE
    return Judged(candidate, alike, accepted, reason)


def _strange(one: Portrait, other: Portrait, knowledge: Knowledge) -> tuple[float, float]:
    """The share of what one text names and the other lacks, and the same of rare words; each of the two the smaller,
    as a copy may be cut short."""
    mine, theirs = _lacked(one, other, knowledge), _lacked(other, one, knowledge)
    return min(mine[0], theirs[0]), min(mine[1], theirs[1])


def _lacked(one: Portrait, other: Portrait, knowledge: Knowledge) -> tuple[float, float]:
    named = list(one.telling.values())
    lacked = list(map(other.lacks, named))
    share = sum(lacked) / len(named) if named else 0.0
    if not knowledge.is_enough:
        return share, 0.0
    rare = knowledge.rare(named)
    return share, sum(compress(lacked, rare)) / max(1, sum(rare))


def _is_later(one: ParsedDate | None, other: datetime | None) -> bool:
    """Whether the two were published on different days. What has no date, or a coarse one, says nothing."""
    return one is not None and other is not None and one.precision in EXACT and abs(one.value - other) > LATER


def _is_same_document(article: Article, twin: Judged) -> bool:
    """The same outlet, nearly every word, the same headline, and not months apart."""
    candidate = twin.candidate
    apart = article.fetched_at - candidate.first_seen_at
    mine, theirs = (portrait(one.title, one.text).title for one in (article, candidate))
    return (
        candidate.source == article.source
        and twin.similarity >= SAME_TEXT
        and mine == theirs
        and abs(apart) <= SAME_DOCUMENT_WITHIN
    )
