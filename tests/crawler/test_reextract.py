"""Archived pages read again: what a better extractor changes, and what it must not."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from crawler.archive import FOLDER
from crawler.reextract import archived_pages, reextract
from index import catalogue
from index.database import documents, urls
from index.store import Store, find_document, forget, revisions
from marsad.config import Settings
from news.documents import Document, Revision
from scheduler.policy import AdaptivePolicy
from tests.conftest import SettingsFor
from tests.crawler.passes import crawl_pass
from tests.site import World
from tests.site.outlet import Outlet, Printed

POORLY_READ = "نص قصير استخرجه قارئ قديم لم ير إلا السطر الأول من الخبر ثم ترك بقيته كلها خارج الوثيقة."


@dataclass
class Past:
    """An outlet that was crawled, and its store, in which a former extractor's mistakes can be planted."""

    outlet: Outlet
    settings: Settings
    store: Store

    @property
    def first(self) -> Printed:
        return self.outlet.articles[0]

    def plant(self, table: Any, **values: Any) -> None:
        where = table.c.document_id if table is urls else table.c.id
        id_ = self.document().id
        self.store.writer.submit(lambda conn: conn.execute(update(table).where(where == id_).values(**values))).result()

    def document(self) -> Document:
        with self.store.read() as conn:
            found = find_document(conn, self.first.url)
        assert found is not None
        return found

    def history(self) -> list[Revision]:
        with self.store.read() as conn:
            return revisions(conn, self.document().id)

    def read_again(self, since: datetime | None = None) -> dict[str, int]:
        """The counts of what came to something."""
        assert self.settings.sources is not None
        counts = asyncio.run(
            reextract(
                self.store, self.settings.data / FOLDER, catalogue.load(self.settings.sources), AdaptivePolicy(),
                workers=1, max_age=timedelta(days=30), now=datetime.now(UTC), since=since,
            )
        )  # fmt: skip
        return {name: count for name, count in counts.items() if count}


@pytest.fixture
def past(world: World, settings_for: SettingsFor, tmp_path: Path) -> Iterator[Past]:
    outlet = world.outlet(articles=3)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    with Store.open(settings.data) as store:
        yield Past(outlet, settings, store)


def test_the_same_extractor_finds_the_same_words_and_changes_nothing(past: Past) -> None:
    before = past.document()
    assert past.read_again() == {"unchanged": 3}
    assert past.document() == before


def test_better_words_become_a_revision_that_says_whose_doing_it_is(past: Past, world: World) -> None:
    good = past.document()
    past.plant(documents, text=POORLY_READ)
    asked = len(world.requests())
    assert past.read_again() == {"revised": 1, "unchanged": 2}
    now = past.document()
    assert (now.text, now.revision, now.fetched_at) == (good.text, 2, good.fetched_at)
    assert now.seq > good.seq, "the indices take it again"
    poor, better = past.history()
    assert poor.text == POORLY_READ
    assert better.changed[0] == "extractor" and "text" in better.changed
    assert len(world.requests()) == asked
    assert past.read_again() == {"unchanged": 3}


def test_dates_and_authors_are_mended_without_a_revision(past: Past) -> None:
    good = past.document()
    past.plant(documents, published_at=None, published_precision=None, authors=(), section="خطأ")
    assert past.read_again() == {"mended": 1, "unchanged": 2}
    now = past.document()
    assert (now.published, now.authors, now.section, now.revision) == (good.published, good.authors, good.section, 1)
    assert now.seq > good.seq


def test_a_page_that_gave_no_article_may_give_one_now(past: Past) -> None:
    id_ = past.document().id
    past.store.writer.submit(
        lambda conn: forget(conn, url=past.first.url, now=datetime.now(UTC), reason="to make a place")
    ).result()
    unread = {"outcome": "no_text", "reason": "no text was found", "document_id": None}
    past.store.writer.submit(
        lambda conn: conn.execute(update(urls).where(urls.c.outcome == "removed").values(**unread))
    ).result()
    # The others get their links to it back, which went with it.
    assert past.read_again() == {"found": 1, "mended": 2}
    assert past.document().id == id_
    with past.store.read() as conn:
        row = conn.execute(select(urls).where(urls.c.document_id == id_)).one()
    assert (row.outcome, row.next_visit_at is not None) == ("stored", True)


def test_a_page_older_than_the_version_in_force_is_left_alone(past: Past) -> None:
    past.plant(documents, text=POORLY_READ, fetched_at=datetime.now(UTC))
    assert past.read_again() == {"older": 1, "unchanged": 2}
    assert past.document().text == POORLY_READ


def test_what_was_removed_is_not_brought_back(past: Past) -> None:
    past.store.writer.submit(
        lambda conn: forget(conn, url=past.first.url, now=datetime.now(UTC), reason="asked")
    ).result()
    assert past.read_again() == {"unwanted": 1, "unchanged": 2}
    with past.store.read() as conn:
        assert find_document(conn, past.first.url) is None


def test_pages_from_before_the_asked_date_are_not_read(past: Past) -> None:
    assert past.read_again(since=datetime.now(UTC) + timedelta(days=1)) == {}
    assert past.read_again(since=datetime.now(UTC) - timedelta(days=1)) == {"unchanged": 3}


def test_progress_adds_up_to_the_size_of_the_archive_even_when_it_is_torn(past: Past) -> None:
    (file,) = (past.settings.data / FOLDER).glob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:-100])
    steps = list(archived_pages(past.settings.data / FOLDER, None))
    assert sum(size for _, size in steps) == file.stat().st_size
    assert sum(kept is not None for kept, _ in steps) == 3
