from news.copies.census import FURNITURE_AT_LEAST, Census
from news.copies.fingerprints import fingerprint
from news.copies.knowledge import EMPTY, Knowledge, line_hash

FOOTER = "تابعوا أخبارنا على التطبيق"


def counted(census: Census, numbers: range) -> Census:
    for number in numbers:
        text = f"خبر رقم {number} عن موضوع {number % 7} لا يشبه غيره\n{FOOTER}"
        census.add("one", f"عنوان {number}", text, fingerprint("", text).bands)
    return census


def same(one: Knowledge, other: Knowledge) -> bool:
    counts = bool((one.counts == other.counts).all())
    return counts and (one.documents, one.frequent, one.furniture) == (other.documents, other.frequent, other.furniture)


def test_a_word_in_many_documents_is_not_rare_and_one_never_met_is() -> None:
    knowledge = counted(Census(), range(1000)).freeze()
    assert not knowledge.is_rare("خبر")
    assert knowledge.is_rare("برمائيات")


def test_a_line_under_everything_an_outlet_publishes_is_its_furniture_and_nobody_elses() -> None:
    knowledge = counted(Census(), range(FURNITURE_AT_LEAST)).freeze()
    assert knowledge.furniture == {line_hash("one", FOOTER)}
    assert not counted(Census(), range(FURNITURE_AT_LEAST - 1)).freeze().furniture


def test_band_keys_that_many_texts_share_are_not_looked_up() -> None:
    census = Census()
    for _ in range(40):
        census.add("one", "", "", (1, 2))
    census.add("one", "", "", (2, 3))
    knowledge = census.freeze()
    assert knowledge.telling_keys((1, 2, 3)) == [3]
    assert knowledge.telling_keys((1, 2)) == [1, 2]
    assert EMPTY.telling_keys((1, 1)) == [1]


def test_a_census_read_back_goes_on_as_the_one_that_wrote_it() -> None:
    whole = counted(Census(), range(300))
    whole.freeze()
    again = counted(Census.from_bytes(whole.to_bytes()), range(300, 2600))
    assert same(counted(whole, range(300, 2600)).freeze(), again.freeze())
    assert whole.to_bytes() == again.to_bytes()


def test_what_was_met_once_is_forgotten() -> None:
    census = Census()
    for number in range(4100):
        census.add("one", "", f"سطر {number}", range(number * 32, number * 32 + 32))
    assert len(census.keys) < 32 * 2000
    assert len(census.lines) < 2000
