"""The raw archive: what is kept, what is not, what survives, and what is taken out."""

import resource
import signal
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, files, make_room, prune, sweep
from crawler.keeping import removed_on_request, worth_keeping
from crawler.warc import members, read_page
from index.store import Store
from index.store import forget as forget_documents
from marsad.config import Settings
from news.documents import NotDocument, Outcome, Page
from tests.conftest import SettingsFor
from tests.crawler.passes import crawl_pass
from tests.site import World
from tests.site.behaviours import failing, text

# Whole crawls over sockets, one after the other.
pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
BODY = "<html><body>نص الصفحة كما وصل</body></html>".encode()


def page(
    path: str = "/news/خبر", *, at: datetime = NOW, body: bytes = BODY, headers: Mapping[str, str] | None = None
) -> Page:
    url = f"https://www.example.com{path}"
    return Page(
        requested_url=url,
        url=f"{url}?moved",
        status=200,
        headers={"content-type": "text/html; charset=utf-8", **(headers or {})},
        body=body,
        fetched_at=at,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def archive(folder: Path) -> Iterator[Archive]:
    opened = Archive(folder, "run1", "marsad/test", lambda urls: set())
    yield opened
    opened.close()


def pages(folder: Path) -> list[Page]:
    found = []
    for file in files(folder):
        with file.path.open("rb") as stream:
            kept = [read_page(stream, member) for member in members(stream, file.path.stat().st_size)]
        found += [one.page for one in kept if one is not None]
    return found


def test_a_page_comes_back_as_it_was_read(archive: Archive, folder: Path) -> None:
    kept = page(headers={"x-robots-tag": "a, b", "content-encoding": "gzip"})
    archive.keep(kept, "akhbar", {"User-Agent": "marsad/test"}).result(10)
    (back,) = pages(folder)
    assert back.headers == {"content-type": "text/html; charset=utf-8", "x-robots-tag": "a, b"}
    same = (back.url, back.requested_url, back.status, back.body, back.fetched_at)
    assert same == (kept.url, kept.requested_url, kept.status, kept.body, kept.fetched_at)


def test_the_files_are_warc_that_others_read(archive: Archive, folder: Path) -> None:
    for number in range(3):
        archive.keep(page(f"/news/{number}"), "akhbar", {"User-Agent": "marsad/test"}).result(10)
    (file,) = files(folder)
    records = []
    for record in ArchiveIterator(BytesIO(file.path.read_bytes()), check_digests="raise"):
        record.content_stream().read()
        records.append((record.rec_type, record.http_headers and record.http_headers.get_header("user-agent")))
    assert records == [("warcinfo", None), *[("response", None), ("request", "marsad/test")] * 3]


def test_every_day_has_its_file(archive: Archive, folder: Path) -> None:
    archive.keep(page("/1"), "akhbar", {}).result(10)
    archive.keep(page("/2", at=NOW + timedelta(days=1)), "akhbar", {}).result(10)
    assert [file.path.name for file in files(folder)] == ["2026-11-23-run1.warc.gz", "2026-11-24-run1.warc.gz"]
    assert [file.day for file in files(folder)] == [date(2026, 11, 23), date(2026, 11, 24)]


@pytest.mark.parametrize("cut", [1, 200, 500, 700])
def test_a_file_torn_by_a_crash_is_read_up_to_there(archive: Archive, folder: Path, cut: int) -> None:
    for number in range(3):
        archive.keep(page(f"/news/{number}"), "akhbar", {}).result(10)
    (file,) = files(folder)
    file.path.write_bytes(file.path.read_bytes()[:-cut])
    assert [kept.requested_url[-6:] for kept in pages(folder)] in (["news/0", "news/1", "news/2"], ["news/0", "news/1"])


@pytest.mark.parametrize("back", range(1, 300, 7))
def test_a_page_whose_bytes_were_damaged_is_left_out(archive: Archive, folder: Path, back: int) -> None:
    """Wherever the damage lies, also in headers that no digest covers, and in the check itself."""
    for number in range(2):
        archive.keep(page(f"/news/{number}"), "akhbar", {}).result(10)
    (file,) = files(folder)
    with file.path.open("rb") as stream:
        response = list(members(stream, file.size))[1]
    raw = bytearray(file.path.read_bytes())
    raw[response.start + response.length - back] ^= 0xFF
    file.path.write_bytes(raw)
    assert [kept.requested_url[-6:] for kept in pages(folder)] == ["news/1"]


def test_a_full_disk_leaves_no_half_record_and_stops_nothing(
    archive: Archive, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    archive.keep(page("/news/1"), "akhbar", {}).result(10)
    (file,) = files(folder)
    _, hard = soft_hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.size + 100, hard))
    try:
        archive.keep(page("/news/2"), "akhbar", {}).result(10)
        archive.keep(page("/news/3"), "akhbar", {}).result(10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft_hard)
        signal.signal(signal.SIGXFSZ, before)
    assert caplog.text.count("cannot be archived") == 1
    archive.keep(page("/news/4"), "akhbar", {}).result(10)
    assert [kept.requested_url[-6:] for kept in pages(folder)] == ["news/1", "news/4"]


def test_what_is_old_goes_and_then_the_oldest_until_the_rest_is_small_enough(archive: Archive, folder: Path) -> None:
    for days in range(5):
        archive.keep(page(f"/{days}", at=NOW - timedelta(days=days)), "akhbar", {}).result(10)
    size = sum(file.size for file in files(folder))
    assert prune(folder, NOW.date(), 3, size) > 0
    assert [file.day.day for file in files(folder)] == [20, 21, 22, 23]
    two = sum(file.size for file in files(folder)[2:])
    prune(folder, NOW.date(), 3, two)
    assert [file.day.day for file in files(folder)] == [22, 23]


def test_room_is_made_from_the_oldest_end(archive: Archive, folder: Path) -> None:
    for days in range(3):
        archive.keep(page(f"/{days}", at=NOW - timedelta(days=days)), "akhbar", {}).result(10)
    assert make_room(folder, 1) > 0
    assert [file.day.day for file in files(folder)] == [22, 23]
    assert make_room(folder.parent / "nothing", 1) == 0


def test_removed_pages_go_and_the_others_stay_readable(archive: Archive, folder: Path) -> None:
    for number in range(4):
        archive.keep(page(f"/news/{number}"), "akhbar", {}).result(10)
    gone = {"https://www.example.com/news/1", "https://www.example.com/news/3"}
    assert sweep(folder, lambda urls: gone & set(urls)) == 4, "a response and a request each"
    archive.keep(page("/news/5"), "akhbar", {}).result(10)
    assert [kept.requested_url[-6:] for kept in pages(folder)] == ["news/0", "news/2", "news/5"]
    assert sweep(folder, lambda urls: gone & set(urls)) == 0


def test_what_is_removed_while_it_waits_to_be_written_is_not_written(folder: Path) -> None:
    removed: set[str] = set()
    asked = threading.Event()

    def gone(urls: object) -> set[str]:
        asked.wait(10)
        return removed

    writer = Archive(folder, "run1", "marsad/test", gone)
    kept = writer.keep(page("/news/1"), "akhbar", {})
    removed.add("https://www.example.com/news/1")
    asked.set()
    kept.result(10)
    writer.close()
    assert pages(folder) == []


@pytest.mark.parametrize(
    ("outcome", "head", "header", "kept"),
    [
        (Outcome.NOT_ARTICLE, "", "", True),
        (Outcome.NO_TEXT, "<meta name=robots content='max-image-preview:large'>", "", True),
        (Outcome.NO_TEXT, "<meta name=robots content='noarchive'>", "", False),
        (Outcome.NO_TEXT, '<META content="index, NOARCHIVE" name="ROBOTS">', "", False),
        (Outcome.NO_TEXT, "<style>p {display: none}</style>", "", True),
        (Outcome.NO_TEXT, "", "noarchive", False),
        (Outcome.PAYWALLED, "", "", False),
        (Outcome.CHALLENGE, "", "", False),
        (Outcome.NOINDEX, "", "", False),
    ],
)
def test_of_what_gave_no_article_only_what_may_be_our_mistake_is_kept(
    outcome: Outcome, head: str, header: str, kept: bool
) -> None:
    one = page(body=f"<html><head>{head}</head></html>".encode(), headers={"x-robots-tag": header})
    assert worth_keeping(one, NotDocument(outcome=outcome, reason=""), None) is kept


def archived(settings: Settings) -> list[str]:
    return sorted(kept.requested_url for kept in pages(settings.data / "archive"))


def test_a_crawl_keeps_each_article_once_and_no_page_that_does_not_want_it(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=5)
    shy, broken, empty, *others = [one for one in outlet.articles if one.via]
    shy.robots = "noarchive"
    outlet.behave(broken.path, failing(404))
    outlet.behave(empty.path, text("<html><body><p>قريبا</p></body></html>", "text/html"))
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    first = archived(settings)
    assert first == sorted(one.url for one in (empty, *others))
    crawl_pass(settings)
    assert archived(settings) == first, "the same words are not kept again"


def test_an_edited_article_is_kept_again(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    outlet = world.outlet(articles=2)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    edited = outlet.articles[0]
    edited.edit(edited.text.with_paragraph("وأوضح البيان المعدل أن الاستقصاء شمل اثنتي عشرة بلدية."), world.now)
    crawl_pass(settings)
    assert archived(settings).count(edited.url) == 2


def test_nothing_is_kept_where_the_settings_say_so(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    world.outlet(articles=2)
    settings = settings_for(world, tmp_path, **{"archive.days": 0})
    crawl_pass(settings)
    assert not (settings.data / "archive").exists()


def test_a_forgotten_article_leaves_the_archive(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    outlet = world.outlet(articles=3)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    one = outlet.articles[0]
    before = archived(settings)
    with Store.open(settings.data) as store:
        store.writer.submit(
            lambda conn: forget_documents(conn, url=one.url, now=datetime.now(UTC), reason="asked")
        ).result()
        sweep(settings.data / "archive", lambda urls: removed_on_request(store, urls))
    assert archived(settings) == [url for url in before if url != one.url]
    assert not list((settings.data / "archive").glob("*.tmp"))
