"""Floors of quality on real pages, which stay outside the project."""

import gzip
import json

import pytest

from benchmarks.extraction.pages import checks, evaluation, own_text, read_pages
from benchmarks.extraction.shingles import precision_recall
from news.documents import Article

FOLDER = evaluation()
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no evaluation pages beside the checkout (MARSAD_SHARED)")


def test_the_five_real_pages_are_read_right() -> None:
    for gold, article in read_pages(FOLDER):
        assert isinstance(article, Article), gold["file"]
        assert checks(gold, article) == dict.fromkeys(checks(gold, article), True), gold["file"]


@pytest.mark.slow
def test_the_body_stays_above_its_floor() -> None:
    wanted = json.loads(gzip.decompress((FOLDER / "aeb" / "ground-truth.json.gz").read_bytes()))
    pairs = []
    for key, gold in wanted.items():
        page = gzip.decompress((FOLDER / "aeb" / "html" / f"{key}.html.gz").read_bytes())
        pairs.append(precision_recall(gold["articleBody"], own_text(gold["url"], page)))
    precision, recall = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    assert 2 * precision * recall / (precision + recall) >= 0.975
