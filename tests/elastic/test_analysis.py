"""The node is the oracle: what it makes of a text, our analysis makes of it."""

from collections.abc import Iterator
from itertools import accumulate

import pytest
from elasticsearch import Elasticsearch

from index.elastic import analysis
from index.elastic.names import Names
from news.analysis import FIELDS, Field, analyse

ODD = (
    "ﷺ ﷲ ﻻ إله إلا الله",
    "عبد الله وعبد  الرحمن لعبد الله، ابو مازن وأبو  ظبي",
    "ـ ــ مـحـمـد الـمـانـيـا ٱلرحمن",
    "كوفيد-19 covid-19 U.S.A. 3.5 ١٢٫٥ ۱۲۳ 1,000 1٫5",
    "#لورا_سمي @user_name http://example.com/a?b=c مصر_2020",
    "على علي وعلى فعلى إلى",
    "والذين للبنانيين لليمن وللجنة والوالد بالغ",
    "İstanbul ΣΑΣ ẞ ŉ ﬁ 𐍈𐍉 𝟘𝟙",
    "中文 日本語 カタカナ 한국",
    "a’b ‘c’ «مصر» قال.وقال:ثم العربيّة.نت",
    "\u200fمصر\u200f،\u200bسوريا\u202a x\u202c",
    "و\u0654 ى\u0654 ك\u0301 ﺍﻟﻌﺮﺑﻴﺔ",
    "قال و أضاف (و العراق) 3 و 5 دولارات، xو كتب، وَ قال، و. محمد، أ و\nب و  مصر",
    "ڤيروس پاريس گلگامش أڭادير الڨصرين چنيف",
    "إنشاءات إنشائية صحرا وزرا قايد موسسة الموظفين نظارة تضخم أعلنت مفاوضاتنا حكومتنا مدينتي",
    "م" * 600,
)
Seen = list[tuple[str, int, int, int]]


@pytest.fixture
def analysed(client: Elasticsearch, names: Names) -> str:
    settings = {"analysis": analysis.settings(), "index.analyze.max_token_count": 100_000}
    client.indices.create(index=names.articles, settings=settings)
    return names.articles


def on_the_node(client: Elasticsearch, index: str, text: str, field: Field) -> Seen:
    tokens = client.indices.analyze(index=index, analyzer=analysis.analyzer_for(field), text=text)["tokens"]
    return [(token["token"], token["start_offset"], token["end_offset"], token["position"]) for token in tokens]


def ours(text: str, field: Field) -> Seen:
    """With offsets in UTF-16, as Java counts."""
    at = [0, *accumulate(2 if ord(letter) > 0xFFFF else 1 for letter in text)]
    return [(token.term, at[token.start], at[token.end], token.position) for token in analyse(text, field)]


def texts(articles: list[dict[str, str]]) -> Iterator[str]:
    for article in articles:
        yield from filter(None, (article["title"], article["abstract"], article["text"]))


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("field", FIELDS)
def test_odd_texts_give_the_same_terms_as_on_the_node(
    client: Elasticsearch, analysed: str, text: str, field: Field
) -> None:
    assert ours(text, field) == on_the_node(client, analysed, text, field)


@pytest.mark.parametrize(
    "articles", [300, pytest.param(2000, marks=pytest.mark.slow)], ids=["300 articles", "2,000 articles"]
)
def test_the_press_gives_the_same_terms_offsets_and_positions_as_on_the_node(
    client: Elasticsearch, analysed: str, corpus: list[dict[str, str]], articles: int
) -> None:
    step = len(corpus) // articles
    different = [
        (text[:60], field)
        for text in texts(corpus[::step][:articles])
        for field in FIELDS
        if ours(text, field) != on_the_node(client, analysed, text, field)
    ]
    assert different == []


def test_a_name_finds_its_other_spellings_with_article_and_clitics(client: Elasticsearch, analysed: str) -> None:
    def terms(text: str) -> set[str]:
        found = client.indices.analyze(index=analysed, analyzer=analysis.analyzer_for("stem", search=True), text=text)
        return {token["token"] for token in found["tokens"]}

    assert terms("نتنياهو") & terms("لنتانياهو")
    assert terms("وأمريكا") & terms("أميركا")
