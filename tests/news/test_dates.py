"""The tables beside this file: dates.tsv (text, circumstances, what it says), not_dates.tsv (one text a line)."""

import csv
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.dates import FoundDate, find_dates, parse_date
from news.documents import Calendar, Precision

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday


def lines(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text("utf-8").split("\n") if not line.startswith("# ")]


def rows() -> list[list[str]]:
    table = csv.reader(lines("dates.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in table if row][1:]


@pytest.mark.parametrize(("text", "now", "timezone", "country", "local", "precision", "calendar"), rows())
def test_a_date_is_read_as_a_reader_would(
    text: str, now: str, timezone: str, country: str, local: str, precision: str, calendar: str
) -> None:
    found = parse_date(text, now=datetime.fromisoformat(now), timezone=timezone, country=country.strip("-"))
    assert found is not None
    assert found.local.isoformat() == local
    assert (found.precision, found.calendar) == (Precision(precision), Calendar(calendar))
    assert found.evidence and found.evidence in text


@pytest.mark.parametrize("text", lines("not_dates.tsv"))
@pytest.mark.parametrize("timezone", ["Asia/Riyadh", "Africa/Cairo"])
def test_what_is_no_date_or_no_certain_one_gives_none(text: str, timezone: str) -> None:
    assert parse_date(text, now=NOW, timezone=timezone) is None


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(rows()) >= 200
    assert len(lines("not_dates.tsv")) >= 60


def shared() -> Path:
    named = os.environ.get("MARSAD_SHARED")
    return Path(named) if named else HERE.parents[2] / "shared"


def test_the_dates_of_real_pages_are_read_and_none_is_read_wrong() -> None:
    table = shared() / "eval" / "dates" / "real_page_date_strings.tsv"
    if not table.is_file():
        pytest.skip(f"{table} is absent: evaluation data does not travel with the project")
    zones = {"albayan.ae": "Asia/Dubai", "alyaum.com": "Asia/Riyadh", "arabic.cnn.com": "Asia/Dubai"}
    now = datetime(2020, 12, 1, 12, tzinfo=UTC)
    for text, expected, site, *_ in csv.reader(table.read_text("utf-8").splitlines()[1:], delimiter="\t"):
        found = parse_date(text, now=now, timezone=zones.get(site, "Africa/Cairo"))
        assert found is not None, text
        if expected.startswith("relative"):
            assert found.value == now - timedelta(minutes=12)
        else:
            shown = found.local.isoformat()[: 10 if found.precision is Precision.DAY else 16]
            # The table's value may be finer than the words, or, where only the day is sure, coarser.
            assert expected.startswith(shown) or shown.startswith(expected), text


def test_a_date_without_an_offset_is_in_the_outlets_zone_of_that_day() -> None:
    winter = parse_date("15 كانون الثاني 2026 12:00", now=NOW, timezone="Asia/Beirut")
    summer = parse_date("15 تموز 2026 12:00", now=NOW, timezone="Asia/Beirut")
    assert winter is not None and summer is not None
    assert (winter.offset, summer.offset) == (120, 180)
    assert summer.value == datetime(2026, 7, 15, 9, tzinfo=UTC)


def test_an_hour_that_the_clock_shows_twice_is_the_first_of_the_two() -> None:
    found = parse_date("2026-10-29 23:30:00", now=NOW, timezone="Africa/Cairo")
    assert found is not None
    assert found.value == datetime(2026, 10, 29, 23, 30, tzinfo=ZoneInfo("Africa/Cairo"), fold=0).astimezone(UTC)


def test_an_hour_that_the_clock_skips_is_still_a_moment() -> None:
    found = parse_date("2026-04-24 00:30:00", now=NOW, timezone="Africa/Cairo")
    assert found is not None
    assert found.value == datetime(2026, 4, 23, 22, 30, tzinfo=UTC)


def test_a_day_is_its_local_midnight_in_utc() -> None:
    found = parse_date("22 نوفمبر 2026", now=NOW, timezone="Asia/Dubai")
    assert found is not None
    assert found.value == datetime(2026, 11, 21, 20, tzinfo=UTC)


def test_today_is_the_outlets_today() -> None:
    late = datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert parse_date("24 نوفمبر 2026", now=late, timezone="Asia/Riyadh") is not None
    assert parse_date("24 نوفمبر 2026", now=late, timezone="Africa/Casablanca") is None


def test_ten_minutes_ahead_of_us_is_a_clock_and_eleven_is_the_future() -> None:
    assert parse_date("2026-11-23T12:10:00Z", now=NOW) is not None
    assert parse_date("2026-11-23T12:10:01Z", now=NOW) is None


def test_two_dates_come_with_their_labels_places_and_clocks() -> None:
    text = "نُشر في: 22 نوفمبر 2026 10:05 ص | آخر تحديث: 23 نوفمبر 2026 08:00 ص"
    first, second = find_dates(text, now=NOW, timezone="Asia/Riyadh")
    assert (first.label, second.label) == ("published", "modified")
    assert text[first.start : first.end] == first.date.evidence == "22 نوفمبر 2026 10:05 ص"
    assert second.date.local.isoformat() == "2026-11-23T08:00:00+03:00"


def test_clocks_before_their_dates_stay_with_them() -> None:
    found = find_dates("10:00 5/6/2020 آخر تحديث 11:00 6/6/2020", now=NOW)
    assert [each.date.value.hour for each in found] == [10, 11]


def test_the_evidence_keeps_the_letters_as_they_stood() -> None:
    found = parse_date("بتاريخ \u200f٢٢ نُوفَمبِر ٢٠٢٦م\u200f", now=NOW)
    assert found is not None
    assert found.evidence == "٢٢ نُوفَمبِر ٢٠٢٦م"


def test_every_full_date_of_a_sentence_is_found() -> None:
    text = "وُلد في 5 مايو 1967 وتولى المنصب في 12/3/2019 ثم استقال في 1 يناير 2020."
    assert [each.date.value.year for each in find_dates(text, now=NOW)] == [1967, 2019, 2020]


def test_a_month_before_first_is_only_american_where_the_outlet_is() -> None:
    assert parse_date("07/06/2020", now=NOW, country="US") is None
    day_first = parse_date("07/06/2020", now=NOW, country="LB")
    assert day_first is not None
    assert day_first.value.month == 6


def test_a_bare_year_of_the_persian_calendar_is_not_taken_for_hijri() -> None:
    assert parse_date("1446/06/13", now=NOW, timezone="Asia/Tehran", country="IR") is None
    assert parse_date("1446/06/13", now=NOW, timezone="Asia/Riyadh", country="SA") is not None


def test_a_very_long_text_is_read_in_linear_time() -> None:
    text = "نشر في يوم الأحد 5 مايو 10:30 و 5 مايو 2020 " * 3_000
    assert len(find_dates(text, now=NOW)) == 3_000


PIECES = """
0 1 5 12 15 23 31 2020 2026 1447 20201126 : / - . , ، | ( ) + +03:00 Z T GMT هـ م ص ٣ ½ İ —
نوفمبر تشرين الثاني كانون 2 رمضان صفر May Jan الأحد الساعة مساء am pm منذ قبل ساعتين دقيقة يوم شهر عام
أمس الأول من اليوم الآن الماضي الجاري نشر آخر تحديث في و ago 10:30 23:59:60 بتوقيت مكة
"""
MONTHS = "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر"
words = st.sampled_from([*PIECES.split(), "\u200f", "\u0651", "\n"])


def acceptable(found: list[FoundDate], text: str, now: datetime) -> bool:
    starts = [each.start for each in found]
    inside = all(0 <= each.start < each.end <= len(text) for each in found)
    return inside and starts == sorted(starts) and all(each.date.value <= now + timedelta(minutes=10) for each in found)


@given(
    st.lists(words, max_size=14).map(" ".join) | st.lists(words).map("".join),
    st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)),
    st.sampled_from(["UTC", "Asia/Riyadh", "Africa/Cairo", "Asia/Beirut", "America/New_York", "Pacific/Kiritimati"]),
)
def test_words_of_dates_in_any_order_never_raise_and_never_lie_ahead(text: str, now: datetime, timezone: str) -> None:
    now = now.replace(tzinfo=UTC)
    assert acceptable(find_dates(text, now=now, timezone=timezone), text, now)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert acceptable(find_dates(text, now=NOW, timezone="Asia/Baghdad"), text, NOW)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2026, 11, 23)), st.sampled_from(["Asia/Riyadh", "Asia/Dubai"]))
def test_a_moment_written_out_in_any_form_is_read_back(moment: datetime, timezone: str) -> None:
    local = moment.replace(microsecond=0, tzinfo=ZoneInfo(timezone))
    arabic = MONTHS.split()[local.month - 1]
    half = "صباحا" if local.hour < 12 else "م"
    for text in (
        local.isoformat(),
        f"{local:%d/%m/%Y %H:%M:%S}",
        f"{local.day} {arabic} {local:%Y - %H:%M:%S}",
        f"{local.day} {arabic} {local.year} {local.hour % 12 or 12}:{local:%M:%S} {half}",
    ):
        found = parse_date(text, now=NOW, timezone=timezone)
        assert found is not None and found.value == local.astimezone(UTC), text
