"""The catalogue's folder and, over it, the user's."""

from pathlib import Path

import pytest

from index.catalogue import CatalogueError, load, save_overlay
from news.sources import SourceError

MINBAR = """# the bay's daily
id = "minbar"
name = "منبر الخليج"
homepage = "https://minbar.example/"

[[endpoints]]
kind = "feed"
url = "https://minbar.example/rss"
enabled = true
"""

HAND_WRITTEN = """# لا تسرعوا
delay = 7 # they asked for it

[selectors]
body = ".t"

[[endpoints]]
url = "https://minbar.example/rss"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "minbar.toml").write_text(MINBAR, encoding="utf-8")
    return folder


@pytest.fixture
def user(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sources"


def test_sources_come_in_the_order_of_their_ids(catalogue: Path) -> None:
    (catalogue / "ahdath.toml").write_text(MINBAR.replace("minbar", "ahdath"), encoding="utf-8")
    assert list(load(catalogue)) == ["ahdath", "minbar"]


def test_other_files_and_half_written_ones_are_no_sources(catalogue: Path) -> None:
    (catalogue / "README.md").write_text("notes")
    (catalogue / ".minbar-x.toml").write_text("half")
    assert list(load(catalogue)) == ["minbar"]


def test_a_user_folder_that_does_not_exist_yet_changes_nothing(catalogue: Path, user: Path) -> None:
    assert load(catalogue, user) == load(catalogue)


def test_a_missing_catalogue_is_told_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="is no folder; set `sources`"):
        load(tmp_path / "nowhere")


def test_the_problems_of_all_files_are_told_together_each_under_its_file(catalogue: Path, user: Path) -> None:
    (catalogue / "broken.toml").write_text("id =")
    (catalogue / "latin.toml").write_bytes('name = "قناة"'.encode("cp1256"))
    user.mkdir(parents=True)
    (user / "minbar.toml").write_text('delay = "x"')
    with pytest.raises(CatalogueError) as caught:
        load(catalogue, user)
    assert [problem.file for problem in caught.value.problems] == [
        "sources/broken.toml",
        "sources/latin.toml",
        "sources/minbar.toml",
    ]
    assert len(str(caught.value).splitlines()) == 3


def test_switching_an_endpoint_writes_only_the_users_folder(catalogue: Path, user: Path) -> None:
    save_overlay(user, "minbar", {"endpoints": [{"url": "https://minbar.example/rss", "enabled": False}]})
    assert (catalogue / "minbar.toml").read_text("utf-8") == MINBAR
    (endpoint,) = load(catalogue, user)["minbar"].endpoints
    assert not endpoint.enabled


def test_saving_keeps_what_the_user_wrote_comments_and_all(catalogue: Path, user: Path) -> None:
    user.mkdir(parents=True)
    (user / "minbar.toml").write_text(HAND_WRITTEN, encoding="utf-8")
    changes = {
        "enabled": False,
        "selectors": {"title": "h1"},
        "endpoints": [
            {"url": "https://minbar.example/rss", "checked_at": "2026-11-20"},
            {"url": "https://minbar.example/atom", "kind": "feed"},
        ],
    }
    written = save_overlay(user, "minbar", changes).read_text("utf-8")
    assert "# لا تسرعوا" in written
    assert "delay = 7 # they asked for it" in written
    source = load(catalogue, user)["minbar"]
    assert (source.delay, source.enabled, source.selectors.body, source.selectors.title) == (7.0, False, ".t", "h1")
    assert [endpoint.checked_at for endpoint in source.endpoints] == ["2026-11-20", ""]


def test_saving_twice_is_the_same_as_saving_once(user: Path) -> None:
    changes = {
        "name": "منبر",
        "related": {"hops": 2},
        "endpoints": [{"url": "https://minbar.example/", "kind": "feed"}],
    }
    once = save_overlay(user, "minbar", changes).read_text("utf-8")
    assert save_overlay(user, "minbar", changes).read_text("utf-8") == once


def test_a_source_that_only_the_user_has_is_read_like_any_other(catalogue: Path, user: Path) -> None:
    table = {
        "name": "صوت الجبل",
        "homepage": "https://sawt.example/",
        "articles": [r"^/news/\d+"],
        "endpoints": [{"kind": "feed", "url": "https://sawt.example/rss", "enabled": True}],
    }
    file = save_overlay(user, "sawt", table)
    assert [path.name for path in user.iterdir()] == ["sawt.toml"]
    assert load(catalogue, user)["sawt"].articles == (r"^/news/\d+",)
    assert "صوت الجبل" in file.read_text("utf-8")


def test_a_users_file_that_cannot_be_read_is_not_overwritten(user: Path) -> None:
    user.mkdir(parents=True)
    (user / "minbar.toml").write_text("delay = ")
    with pytest.raises(SourceError, match="no readable TOML"):
        save_overlay(user, "minbar", {"delay": 3})
    assert (user / "minbar.toml").read_text() == "delay = "


@pytest.mark.parametrize("id_", ["../minbar", "a/b", "..", ".hidden", "", "Minbar", "من"])
def test_an_id_can_never_lead_out_of_the_folder(user: Path, id_: str) -> None:
    with pytest.raises(SourceError, match="a-z, 0-9"):
        save_overlay(user, id_, {"delay": 3})
    assert not user.exists()
