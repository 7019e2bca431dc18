import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.copies.edits import Edit, cut, framed, reordered, replace_words
from benchmarks.copies.telling import Telling
from benchmarks.copies.templates import THIRD, Family, event, families, other_event
from news.arabic import words
from news.copies.duplicates import CONTAINED, Judged, decide, judge
from news.copies.fingerprints import BANDS, KEYS, LEAD_BANDS, LEAST_SIMILAR, VALUES, fingerprint, resemble, similarity
from news.copies.knowledge import EMPTY, Knowledge, buckets, line_hash, no_counts
from news.copies.stories import on_topic
from news.documents import Article, Candidate, Decision, DecisionKind, ParsedDate, Precision

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

FLOOD = """أعلنت هيئة الدفاع المدني مساء أمس انتهاء عمليات الإنقاذ في وادي الزيتون بعد سيول جارفة اجتاحت ثلاث قرى.
وقال المتحدث باسم الهيئة إن فرق الإنقاذ أخرجت سبعة وأربعين شخصا من منازلهم، بينهم أطفال ومسنون حاصرتهم المياه.
وأضاف أن المدارس في المنطقة ستبقى مغلقة حتى نهاية الأسبوع، وأن لجنة ستحصر الأضرار في المزارع والطرق والجسور.
وكانت مصلحة الأرصاد حذرت من أمطار غزيرة على المرتفعات الغربية ودعت السكان إلى الابتعاد عن مجاري الأودية."""

TELEGRAM = """بعث رئيس الجمهورية برقية تهنئة إلى رئيس {country} بمناسبة ذكرى اليوم الوطني لبلاده.
وأعرب الرئيس في برقيته عن أصدق التهاني وأطيب التمنيات بموفور الصحة والسعادة له، ولحكومة وشعب {country} الصديق
باطراد التقدم والازدهار، مشيدا بالعلاقات الطيبة التي تربط البلدين والشعبين الصديقين في شتى المجالات."""

FOOTER = "تابعوا آخر أخبار المحافظات والحوادث والطقس على تطبيق الصحيفة وصفحاتها في مواقع التواصل"


def article(title: str, text: str, source: str = "one", published: datetime | None = None) -> Article:
    url = f"https://{source}.example/1"
    date = ParsedDate(value=published, precision=Precision.MINUTE) if published else None
    return Article(
        url=url, requested_url=url, source=source, title=title, text=text, published=date, fetched_at=NOW
    )  # fmt: skip


def candidate(title: str, text: str, source: str = "two", **known: Any) -> Candidate:
    print_ = fingerprint(title, text)
    id_ = f"{source}-document"
    values: dict[str, Any] = {
        "duplicate_of": None,
        "cluster_id": id_,
        "first_seen_at": NOW - timedelta(hours=1),
        **known,
    }
    return Candidate(
        id=id_, source=source, title=title, text=text, minhash=print_.minhash, content_hash=print_.content_hash,
        **values,
    )  # fmt: skip


def decided(new: Article, *stored: Candidate, knowledge: Knowledge = EMPTY) -> Decision:
    return decide(new, fingerprint(new.title, new.text), stored, knowledge)


def judged(one: Telling, other: Telling) -> Judged:
    print_ = fingerprint(one.title, one.text)
    return judge(article(one.title, one.text), print_, [candidate(other.title, other.text)], EMPTY)[0]


def long_report(of: str) -> str:
    """`of`, then fifteen times as much that has nothing to do with it."""
    chance = random.Random(8)
    return "\n".join([of, *(event(family, chance).told().text for family in families())])


def share_a_key(one: Telling, other: Telling) -> bool:
    mine, theirs = (fingerprint(each.title, each.text) for each in (one, other))
    return not set(mine.bands).isdisjoint(theirs.bands) and resemble(mine, theirs.minhash, theirs.bands)


def vocabulary() -> Sequence[str]:
    return [word for family in families() for word in family.text.split() if "{" not in word]


def test_an_article_that_shares_nothing_is_new() -> None:
    assert decided(article("سيول", FLOOD)).kind is DecisionKind.NEW


def test_an_agency_text_under_another_headline_in_another_outlet_is_a_duplicate() -> None:
    new = article("إنقاذ العشرات من سيول وادي الزيتون", FLOOD)
    decision = decided(new, candidate("انتهاء عمليات الإنقاذ غربا", FLOOD))
    assert (decision.kind, decision.of) == (DecisionKind.DUPLICATE, "two-document")
    assert "headline" in decision.reason


def test_a_copy_of_a_copy_names_the_one_that_was_first() -> None:
    stored = candidate("انتهاء عمليات الإنقاذ غربا", FLOOD, duplicate_of="first", cluster_id="first")
    assert decided(article("إنقاذ العشرات", FLOOD), stored).of == "first"


def test_a_copy_cut_short_is_still_a_copy() -> None:
    shorter = "\n".join(FLOOD.split("\n")[:2])
    assert decided(article("سيول", shorter), candidate("سيول وادي الزيتون", FLOOD)).kind is DecisionKind.DUPLICATE


def test_a_long_report_cut_to_its_lead_is_found_and_is_a_copy() -> None:
    lead, whole = FLOOD.split("\n")[0], long_report(FLOOD)
    assert similarity(fingerprint("", lead).minhash, fingerprint("", whole).minhash) < LEAST_SIMILAR
    assert share_a_key(Telling("سيول الوادي", lead), Telling("انتهاء عمليات الإنقاذ", whole))
    assert decided(article("سيول", lead), candidate("سيول وادي الزيتون", whole)).kind is DecisionKind.DUPLICATE


def test_a_report_in_the_middle_of_a_longer_one_shares_runs_of_words_with_it() -> None:
    around = [event(family, random.Random(2)).told().text for family in families()[:4]]
    longer = "\n".join([*around[:2], FLOOD, *around[2:]])
    mine, theirs = (fingerprint("", text).bands[BANDS + LEAD_BANDS :] for text in (FLOOD, longer))
    assert not set(mine).isdisjoint(theirs)


def test_under_one_headline_texts_are_compared_however_much_was_changed() -> None:
    other = "\n".join(reversed(replace_words(FLOOD, 0.7, vocabulary(), random.Random(1)).split("\n")))
    one, same = Telling("إنقاذ العشرات من سيول وادي الزيتون", FLOOD), Telling("سيول وادي الزيتون: إنقاذ العشرات", other)
    assert share_a_key(one, same)
    assert not share_a_key(one, Telling("طقس", other))


def test_a_text_with_a_third_of_its_words_changed_is_a_copy_if_its_names_stayed() -> None:
    named = {"وادي", "الزيتون", "قرى", "الدفاع", "المدني", "الإنقاذ", "المدارس", "مصلحة", "الأرصاد", "سيول"}
    chance = random.Random(5)
    words_ = [word if word in named or chance.random() > 0.4 else chance.choice(vocabulary()) for word in FLOOD.split()]
    new = article("إنقاذ العشرات من سيول وادي الزيتون", " ".join(words_))
    decision = decided(new, candidate("إنقاذ العشرات من سيول وادي الزيتون", FLOOD))
    assert decision.kind is DecisionKind.DUPLICATE
    assert float(decision.reason.split()[0]) < CONTAINED


def test_two_reports_made_one_are_a_copy_of_neither() -> None:
    chance = random.Random(3)
    other = next(event(family, chance).told() for family in families() if family.name == "graduation")
    merged = article(other.title, "\n".join([*FLOOD.split("\n")[:3], *other.text.split("\n")[:2]]))
    decision = decided(merged, candidate("إنقاذ العشرات من سيول وادي الزيتون", FLOOD))
    assert decision.kind is DecisionKind.NEW
    assert "headline" in decision.reason


def test_the_same_outlets_text_at_another_address_is_the_same_document() -> None:
    decision = decided(article("سيول", FLOOD, source="two"), candidate("سيول", FLOOD))
    assert decision.kind is DecisionKind.SAME_DOCUMENT


def test_one_short_sentence_under_two_headlines_is_two_articles() -> None:
    new = article("حريق في مصنع للنسيج", "شاهد الفيديو كاملا على موقعنا")
    assert decided(new, candidate("مباراة الكأس", "شاهد الفيديو كاملا على موقعنا")).kind is DecisionKind.NEW


@pytest.mark.parametrize(("one", "other"), [("فنلندا", "البرتغال"), ("ماليزيا", "كينيا"), ("النمسا", "تشيلي")])
def test_telegrams_to_two_countries_are_two_articles(one: str, other: str) -> None:
    new = article(f"الرئيس يهنئ رئيس {one}", TELEGRAM.format(country=one))
    stored = candidate(f"الرئيس يهنئ رئيس {other}", TELEGRAM.format(country=other))
    decision = decided(new, stored)
    assert decision.kind is DecisionKind.NEW
    assert one in decision.reason
    assert other in decision.reason


def test_prices_of_two_months_are_two_articles() -> None:
    text = "سجل معدل التضخم السنوي {} في المدن خلال {} مقارنة بالشهر نفسه من العام الماضي وفق بيانات جهاز الإحصاء"
    new = article("التضخم يبلغ 11% في مايو", text.format("11 في المئة", "مايو"))
    stored = candidate("التضخم يبلغ 13% في مارس", text.format("13 في المئة", "مارس"))
    decision = decided(new, stored)
    assert decision.kind is DecisionKind.NEW
    assert "different numbers" in decision.reason


@pytest.mark.parametrize("family", (*families(), *families(THIRD)), ids=lambda family: family.name.replace(" ", "-"))
def test_two_events_of_one_template_are_two_articles_and_one_event_told_twice_is_a_copy(family: Family) -> None:
    chance = random.Random(family.name)
    wrong, missed = [], []
    for _ in range(20):
        one = event(family, chance)
        other, title = other_event(one, chance), chance.randrange(3)
        mine, theirs, again = one.told(title), other.told(title), one.told(title + 1)
        stored = candidate(mine.title, mine.text)
        wrong += [one] if decided(article(theirs.title, theirs.text), stored).kind is not DecisionKind.NEW else []
        copied = framed(again.text, 0, (), chance)
        missed += [one] if decided(article(again.title, copied), stored).kind is not DecisionKind.DUPLICATE else []
    assert len(wrong) <= 2
    assert not missed


@pytest.mark.parametrize("edit", [cut, reordered, framed, replace_words])
def test_an_edited_copy_is_a_copy(edit: Edit) -> None:
    text = edit(FLOOD, 0.1, vocabulary(), random.Random(3))
    assert decided(article("سيول وادي الزيتون", text), candidate("سيول", FLOOD)).kind is DecisionKind.DUPLICATE


def test_the_judgement_is_the_same_whichever_came_first() -> None:
    chance = random.Random(4)
    for family in families():
        first = event(family, chance)
        for other in (other_event(first, chance), first):
            one, two = first.told(0), other.told(1)
            there, back = judged(one, two), judged(two, one)
            assert (there.accepted, there.similarity) == (back.accepted, back.similarity)


def test_phrases_of_another_day_must_share_more_than_those_of_today() -> None:
    said = "وقال إن هذا كان من قبل كما أعلن عن ذلك في بيان له بعد أن تم بحث الأمر مع كل من هم في هذه المدينة قبل يومين "
    more = "ثم أضاف أن كل ما جرى هناك كان بعد ذلك البيان الذي صدر عن الهيئة وأنه لم يكن على علم به حتى تلك الساعة"
    text = f"{cut(FLOOD, 0.5, (), random.Random(1))}\n{said}\n{more}"
    stored = candidate("سيول", FLOOD, published_at=NOW)
    today, later = (article("سيول", text, published=NOW + timedelta(days=days)) for days in (0, 9))
    assert decided(today, stored).kind is DecisionKind.DUPLICATE
    assert decided(later, stored).kind is DecisionKind.NEW


def test_once_rare_words_are_known_they_decide() -> None:
    counts = no_counts()
    counts[buckets(words(FLOOD.replace("الزيتون", "")))] = 500
    knowledge = Knowledge(2000, counts)
    stored = candidate("سيول", FLOOD)
    elsewhere = decided(article("سيول", FLOOD.replace("الزيتون", "النخيل")), stored, knowledge=knowledge)
    assert elsewhere.kind is DecisionKind.NEW
    assert "0.00 of its rare words" in elsewhere.reason
    retold = article("سيول", FLOOD.replace("مساء أمس", "ليل الأحد"))
    assert decided(retold, stored, knowledge=knowledge).kind is DecisionKind.DUPLICATE


def test_an_outlets_furniture_makes_no_copies_of_short_items() -> None:
    one, other = (f"{text}\n{FOOTER}\n{FOOTER[::-1]}" for text in ("افتتح الوزير المعرض", "غادر الوفد الفندق"))
    known = Knowledge(furniture=frozenset(line_hash("two", line) for line in (FOOTER, FOOTER[::-1])))
    assert known.told("two", one) == "افتتح الوزير المعرض"
    assert known.told("two", FOOTER) == FOOTER
    assert known.told("one", one) == one
    new = article("معرض", one, source="two")
    assert decided(new, candidate("وفد", other), knowledge=known).kind is DecisionKind.NEW


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
    assert len(print_.minhash) == 4 * VALUES
    assert BANDS < len(print_.bands) <= KEYS
    assert decided(article("", text), candidate("", text, source="one")).kind is DecisionKind.SAME_DOCUMENT


def test_a_fingerprint_is_the_same_in_every_run() -> None:
    # Stored fingerprints must stay comparable: a change of this value is a migration.
    assert fingerprint("", "أعلنت الوزارة انتهاء الأعمال في الموعد").minhash[:8].hex() == "9dcd9b4406a0fc29"


def test_spelling_variants_do_not_change_the_fingerprint() -> None:
    assert fingerprint("أزمة", "مسؤول إلى القاهرة ٢٠٢٦") == fingerprint("ازمه", "مسئول الى القاهره 2026")


def test_the_second_hop_is_on_topic_only_with_shared_rare_words() -> None:
    counts = no_counts()
    counts[buckets(["الرئيس", "الحكومة"])] = 900
    knowledge = Knowledge(1000, counts)
    assert on_topic(FLOOD, FLOOD, knowledge).on_topic
    assert not on_topic(FLOOD, "قال الرئيس إن الحكومة ستعمل", knowledge).on_topic


def test_whether_two_texts_are_compared_does_not_depend_on_which_came_first() -> None:
    chance = random.Random(9)
    told = [event(family, chance).told(title) for family in families() for title in range(2)]
    told += [Telling("خبر", one.text[: len(one.text) // 3]) for one in told[::3]]
    prints = [fingerprint(one.title, one.text) for one in told]
    for at, mine in enumerate(prints):
        for theirs in prints[:at]:
            assert resemble(mine, theirs.minhash, theirs.bands) == resemble(theirs, mine.minhash, mine.bands)
