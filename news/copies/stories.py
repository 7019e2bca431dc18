"""Whether an article at the second hop is still about the first one's story."""

from dataclasses import dataclass
from typing import Final

from news.arabic import words
from news.copies.knowledge import Knowledge

# Rare words both must name. One may be a common surname or town; three together are a story.
SHARED: Final = 3
SHORTEST_WORD: Final = 4


@dataclass(frozen=True, slots=True)
class Topic:
    """A verdict, and the words it rests on."""

    on_topic: bool
    shared: tuple[str, ...]


def on_topic(first: str, second: str, knowledge: Knowledge) -> Topic:
    """`first` and `second` are title and text together. Without knowledge of rarity, shared words of the titles' kind
    cannot be told from phrases: nothing is then judged off topic."""
    if not knowledge.is_enough:
        return Topic(True, ())
    shared = {word for word in words(first) if len(word) >= SHORTEST_WORD} & set(words(second))
    rare = tuple(sorted(filter(knowledge.is_rare, shared)))
    return Topic(len(rare) >= SHARED, rare)
