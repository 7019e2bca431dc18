"""Copies arrive in any order: the clusters are the same."""

import random

import pytest

from benchmarks.copies import edits
from benchmarks.copies.templates import events, families
from benchmarks.orders import agreement, arrival, partition, snapshot
from news.documents import ReadArticle

EDITS = ((edits.touch_words, 0.1), (edits.cut, 0.3), (edits.framed, 0.0), (edits.reordered, 0.0))


def told(chance: random.Random) -> list[ReadArticle]:
    """Template news, each event told by up to four outlets, edited by some of them."""
    vocabulary = [word for family in families() for word in family.text.split() if "{" not in word]
    found = []
    for event in events(60, chance):
        for outlet in chance.sample(("one", "two", "three", "four"), chance.randint(1, 4)):
            first = event.told(chance.randrange(3))
            edit, share = chance.choice(EDITS)
            text = edit(first.text, share, vocabulary, chance) if chance.random() < 0.5 else first.text
            found.append((outlet, type(first)(first.title, text)))
    return [arrival(number, *one) for number, one in enumerate(found)]


@pytest.mark.slow
def test_with_one_snapshot_every_order_of_arrival_gives_the_same_clusters() -> None:
    chance = random.Random(6)
    arriving = told(chance)
    frozen = snapshot(arriving)
    orders = [partition(chance.sample(arriving, len(arriving)), frozen) for _ in range(4)]
    assert all(order == orders[0] for order in orders)
    assert any(len(group) > 1 for group in orders[0])
    assert agreement(orders[0], orders[1]).share == 1
