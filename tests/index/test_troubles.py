"""The words in which troubles with the search server are told, and the manual that explains them."""

import re
from itertools import product

import pytest

from index.elastic import verdicts
from index.elastic.verdicts import Verdict
from tests.elastic import manual

URL = "https://search.example:9200"
FOUND_OUT = {
    "indices": "news-articles-*", "alias": "news", "template": "news-articles-g1", "index": "news-articles-g1-2026.11",
    "month": "2026.11",
}  # fmt: skip
OWN = (
    verdicts.STRANGERS, verdicts.ALIAS_IS_INDEX, verdicts.NO_TEMPLATE, verdicts.NOT_OURS, verdicts.GIVEN_UP,
    verdicts.FILLED_AGAIN, verdicts.TURNED_BACK,
)  # fmt: skip
# By what a server gives as its reason, under which heading its trouble is found.
REASONS = {
    "certificate has expired": "The certificate has expired",
    "certificate verify failed: self-signed": "The certificate is not trusted",
    "the server is not Elasticsearch": "It is something else",
    "strict_dynamic_mapping_exception": "The mapping is another version's",
    "security_exception: unable to authenticate": "The key or the password is wrong",
    "cluster_block_exception: flood-stage watermark": "Its disk is full",
    "index_closed_exception": "An index is closed",
    "cluster_block_exception: FORBIDDEN/8/index write": "An index is locked",
    "document_parsing_exception": "No document fits",
}
LOCKED = ("Its disk is full", "An index is closed", "An index is locked")
PASSING = {
    Verdict.AWAY: "Nobody answers",
    Verdict.RETRY: "It is starting, or has too much to do",
    Verdict.PREPARE: "An index is missing",
}


def said(heading: str, verdict: Verdict, reason: str) -> None:
    assert manual.heading_of(str(verdicts.trouble(verdict, reason, URL))) == heading


@pytest.mark.parametrize(("verdict", "reason"), list(product(PASSING, REASONS)))
def test_what_passes_by_itself_is_explained_under_its_heading_whatever_the_reason(
    verdict: Verdict, reason: str
) -> None:
    said(PASSING[verdict], verdict, reason)


@pytest.mark.parametrize("reason", REASONS)
def test_what_a_person_has_to_see_to_is_explained_under_its_heading(reason: str) -> None:
    heading = REASONS[reason]
    said(heading, Verdict.PAUSE if heading in LOCKED else Verdict.STOP, reason)


@pytest.mark.parametrize("sentence", OWN)
def test_what_marsad_finds_out_itself_is_explained(sentence: str) -> None:
    assert manual.heading_of(sentence.format(**FOUND_OUT)) is not None


def test_no_sentence_is_explained_that_is_never_said() -> None:
    ends = [*(hint for _, hint in verdicts.HINTS), verdicts.WAITING, verdicts.LOOK_UP]
    possible = [f"{start.format(url='…')} (…); {end}" for start, end in product(verdicts.BEGINNINGS.values(), ends)]
    possible += [re.sub(r"{\w+}", "…", sentence) for sentence in OWN]
    assert set(manual.sentences().values()) <= set(possible)


def test_every_hint_is_in_the_manual() -> None:
    for hint in [*(hint for _, hint in verdicts.HINTS), verdicts.WAITING, verdicts.LOOK_UP]:
        assert hint in manual.chapter()
