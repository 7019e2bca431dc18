"""Invented Arabic news: the same seed gives the same text, two seeds give two stories that share next to no phrase."""

from dataclasses import dataclass, replace
from random import Random

from tests.site import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What an outlet prints, and what a copy in another outlet shares."""

    title: str
    summary: str
    paragraphs: tuple[str, ...]
    section: str

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)

    def under(self, title: str) -> "Text":
        """The same text under another headline, as outlets print what an agency sent."""
        return replace(self, title=title)

    def with_paragraph(self, paragraph: str) -> "Text":
        return replace(self, paragraphs=(*self.paragraphs, paragraph))


def invent(seed: int | str, *, paragraphs: int = 6) -> Text:
    """The story of `seed`, two sentences to a paragraph; the first paragraph is the lead."""
    random = Random(f"story {seed}")
    facts = _facts(random)
    lead = _fill(random.choice(words.LEADS), facts)
    sentences = [_fill(form, facts | _facts(random)) for form in random.sample(words.BODY, 2 * (paragraphs - 1))]
    pairs = [" ".join(pair) for pair in zip(sentences[::2], sentences[1::2], strict=True)]
    return Text(
        title=_fill(random.choice(words.HEADLINES), facts),
        summary=lead,
        paragraphs=(lead, *pairs),
        section=random.choice(words.SECTIONS),
    )


def headline(seed: int | str) -> str:
    """Another headline, for a copy."""
    random = Random(f"headline {seed}")
    return _fill(random.choice(words.HEADLINES), _facts(random))


def side_title(seed: int | str) -> str:
    """The title of something that is about no story: most read, pictures, recipes."""
    random = Random(f"side {seed}")
    return _fill(random.choice(words.SIDE_TITLES), _facts(random))


def _fill(form: str, facts: dict[str, str]) -> str:
    return form.format_map(facts)


def _facts(random: Random) -> dict[str, str]:
    place, place2 = (f"{random.choice(words.PLACE_KINDS)} {name}" for name in random.sample(words.PLACE_NAMES, 2))
    body, body2 = random.sample(words.BODIES, 2)
    return {
        "place": place,
        "place2": place2,
        "body": body,
        "body2": body2,
        "office": random.choice(words.OFFICES),
        "goods": random.choice(words.GOODS),
        "unit": random.choice(words.UNITS),
        "crowd": random.choice(words.CROWDS),
        "project": random.choice(words.PROJECTS),
        "cause": random.choice(words.CAUSES),
        "pledge": random.choice(words.PLEDGES),
        "day": random.choice(words.DAYS),
        "time": random.choice(words.TIMES),
        "n": str(random.randrange(11, 990)),
        "n2": str(random.randrange(11, 99)),
        "year": str(random.randrange(1961, 2015)),
    }
