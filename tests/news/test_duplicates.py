from datetime import UTC, datetime, timedelta

import pytest

from news.arabic import words
from news.documents import Article, Candidate, Decision, DecisionKind
from news.duplicates import decide
from news.fingerprints import fingerprint, similarity
from news.knowledge import EMPTY, Knowledge, buckets, no_counts
from news.stories import on_topic

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

FLOOD = """أعلنت هيئة الدفاع المدني مساء أمس انتهاء عمليات الإنقاذ في وادي الزيتون بعد سيول جارفة اجتاحت ثلاث قرى.
وقال المتحدث باسم الهيئة إن فرق الإنقاذ أخرجت سبعة وأربعين شخصا من منازلهم، بينهم أطفال ومسنون حاصرتهم المياه.
وأضاف أن المدارس في المنطقة ستبقى مغلقة حتى نهاية الأسبوع، وأن لجنة ستحصر الأضرار في المزارع والطرق والجسور.
وكانت مصلحة الأرصاد حذرت من أمطار غزيرة على المرتفعات الغربية ودعت السكان إلى الابتعاد عن مجاري الأودية."""

TELEGRAM = """بعث رئيس الجمهورية برقية تهنئة إلى رئيس {country} بمناسبة ذكرى اليوم الوطني لبلاده.
وأعرب الرئيس في برقيته عن أصدق التهاني وأطيب التمنيات بموفور الصحة والسعادة له، ولحكومة وشعب {country} الصديق
باطراد التقدم والازدهار، مشيدا بالعلاقات الطيبة التي تربط البلدين والشعبين الصديقين في شتى المجالات."""


def article(title: str, text: str, source: str = "one") -> Article:
    url = f"https://{source}.example/{abs(hash((title, text)))}"
    return Article(url=url, requested_url=url, source=source, title=title, text=text, fetched_at=NOW)


def candidate(title: str, text: str, source: str = "two", duplicate_of: str | None = None) -> Candidate:
    print_ = fingerprint(title, text)
    return Candidate(
        id=f"{source}-document", cluster_id=duplicate_of or f"{source}-document", duplicate_of=duplicate_of,
        source=source, title=title, text=text, minhash=print_.minhash, content_hash=print_.content_hash,
        first_seen_at=NOW - timedelta(hours=1),
    )  # fmt: skip


def decided(new: Article, *stored: Candidate, knowledge: Knowledge = EMPTY) -> Decision:
    return decide(new, fingerprint(new.title, new.text), stored, knowledge)


def test_an_article_that_shares_nothing_is_new() -> None:
    assert decided(article("سيول", FLOOD)).kind is DecisionKind.NEW


def test_an_agency_text_under_another_headline_in_another_outlet_is_a_duplicate() -> None:
    new = article("إنقاذ العشرات من سيول وادي الزيتون", FLOOD)
    decision = decided(new, candidate("انتهاء عمليات الإنقاذ غربا", FLOOD))
    assert (decision.kind, decision.of) == (DecisionKind.DUPLICATE, "two-document")
    assert "headline" in decision.reason


def test_a_copy_of_a_copy_names_the_one_that_was_first() -> None:
    stored = candidate("انتهاء عمليات الإنقاذ غربا", FLOOD, duplicate_of="first")
    assert decided(article("إنقاذ العشرات", FLOOD), stored).of == "first"


def test_a_copy_cut_short_is_still_a_copy() -> None:
    shorter = "\n".join(FLOOD.split("\n")[:3])
    assert decided(article("سيول", shorter), candidate("سيول وادي الزيتون", FLOOD)).kind is DecisionKind.DUPLICATE


def test_the_same_outlets_text_at_another_address_is_the_same_document() -> None:
    decision = decided(article("سيول", FLOOD, source="two"), candidate("سيول", FLOOD))
    assert decision.kind is DecisionKind.SAME_DOCUMENT


@pytest.mark.parametrize(("one", "other"), [("فنلندا", "البرتغال"), ("ماليزيا", "كينيا"), ("النمسا", "تشيلي")])
def test_telegrams_to_two_countries_are_two_articles(one: str, other: str) -> None:
    new = article(f"الرئيس يهنئ رئيس {one}", TELEGRAM.format(country=one))
    stored = candidate(f"الرئيس يهنئ رئيس {other}", TELEGRAM.format(country=other))
    decision = decided(new, stored)
    assert decision.kind is DecisionKind.NEW
    assert "countries" in decision.reason


def test_prices_of_two_months_are_two_articles() -> None:
    text = "سجل معدل التضخم السنوي {} في المدن خلال {} مقارنة بالشهر نفسه من العام الماضي وفق بيانات جهاز الإحصاء الرسمي"
    new = article("التضخم يبلغ 11% في مايو", text.format("11 في المئة", "مايو"))
    stored = candidate("التضخم يبلغ 13% في مارس", text.format("13 في المئة", "مارس"))
    assert decided(new, stored).kind is DecisionKind.NEW


def test_once_rare_words_are_known_they_decide() -> None:
    counts = no_counts()
    counts[buckets(words(FLOOD.replace("الزيتون", "")))] = 500
    knowledge = Knowledge(2000, counts)
    stored = candidate("سيول", FLOOD)
    elsewhere = decided(article("سيول", FLOOD.replace("الزيتون", "النخيل")), stored, knowledge=knowledge)
    assert elsewhere.kind is DecisionKind.NEW
    assert "0.00 of the rare words" in elsewhere.reason
    retold = article("سيول", FLOOD.replace("مساء أمس", "ليل الأحد"))
    assert decided(retold, stored, knowledge=knowledge).kind is DecisionKind.DUPLICATE


def test_similarity_falls_as_words_are_changed() -> None:
    prints = [
        fingerprint("", " ".join(f"كلمة{n}" if n % step == 0 else word for n, word in enumerate(FLOOD.split())))
        for step in (1000, 20, 8, 3)
    ]
    values = [similarity(fingerprint("", FLOOD).minhash, one.minhash) for one in prints]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.9
    assert values[-1] < 0.2


@pytest.mark.parametrize("text", ["", "كلمة", "كلمتان اثنتان", "!؟ ..."])
def test_a_text_shorter_than_a_shingle_has_a_fingerprint(text: str) -> None:
    print_ = fingerprint("", text)
    assert len(print_.minhash) == 256
    assert len(print_.bands) == 20


def test_a_fingerprint_is_the_same_in_every_run() -> None:
    # Stored fingerprints must stay comparable: a change of this value is a migration.
    assert fingerprint("", "أعلنت الوزارة انتهاء الأعمال في الموعد").minhash[:8].hex() == "86391c728e5dad0d"


def test_spelling_variants_do_not_change_the_fingerprint() -> None:
    assert fingerprint("أزمة", "مسؤول إلى القاهرة ٢٠٢٦") == fingerprint("ازمه", "مسئول الى القاهره 2026")


def test_the_second_hop_is_on_topic_only_with_shared_rare_words() -> None:
    counts = no_counts()
    counts[buckets(["الرئيس", "الحكومة"])] = 900
    knowledge = Knowledge(1000, counts)
    assert on_topic(FLOOD, FLOOD, knowledge).on_topic
    assert not on_topic(FLOOD, "قال الرئيس إن الحكومة ستعمل", knowledge).on_topic
