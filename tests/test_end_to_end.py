"""The whole way, through the door: a world of outlets, the command as a user calls it, and what it says afterwards."""

import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.machine import Machine, until
from tests.site import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def small_world(world: World) -> World:
    """Two outlets; the second prints two of the first one's articles under its own name, and one is only related."""
    first = world.outlet(articles=6, background=2)
    second = world.outlet(articles=4)
    for one in first.articles[:2]:
        second.add(one.text)
    return world


def reachable(world: World) -> set[str]:
    """What a reader would come to: listed articles, and what these point to as related."""
    listed = [one for outlet in world.outlets.values() for one in outlet.articles if one.via]
    return {one.url for article in listed for one in (article, *article.related)}


def test_two_passes_fetch_everything_once_and_the_second_finds_nothing_new(world: World, tmp_path: Path) -> None:
    machine = Machine(small_world(world), tmp_path)
    first = machine.json("crawl")
    assert {document["url"] for document in machine.export()} == reachable(world)
    assert first["new"] == len(reachable(world))
    assert first["copies"] == 2
    status = machine.balanced_status()
    assert status["totals"]["searchable"] == status["totals"]["indexed"] == status["totals"]["stored"]
    fetched = Counter(seen.site + seen.path for seen in world.requests() if seen.path.startswith("/news/"))
    assert set(fetched.values()) == {1}

    asked = len(world.requests())
    out = machine.run("crawl", "--all")
    assert "nothing new" in out
    assert {document["revision"] for document in machine.export()} == {1}
    again = [seen for seen in world.requests(since=asked) if seen.path != "/robots.txt"]
    assert again
    assert {seen.status for seen in again} == {304}


def test_a_found_article_is_searched_shown_and_explained(world: World, tmp_path: Path) -> None:
    machine = Machine(small_world(world), tmp_path)
    machine.run("crawl")
    document = machine.export()[0]
    word = max(document["title"].split(), key=len)
    found = machine.json("search", word, "--all-copies", "--limit", "50")
    hit = next(hit for hit in found["hits"] if hit["id"] == document["id"])
    assert hit["title"] == document["title"]
    assert machine.json("show", document["url"])["text"] == document["text"]
    assert machine.json("show", document["id"])["url"] == document["url"]
    why = machine.json("why", document["url"])
    assert why["outcome"] == "stored"
    assert machine.json("why", "https://nowhere.marsad.example/x")["known"] is False


def test_copies_share_a_cluster_and_search_shows_them_once(world: World, tmp_path: Path) -> None:
    machine = Machine(small_world(world), tmp_path)
    machine.run("crawl")
    clusters = Counter(document["cluster_id"] for document in machine.export())
    twice = [cluster for cluster, count in clusters.items() if count == 2]
    assert len(twice) == 2
    copy = next(document for document in machine.export() if document["duplicate_of"])
    phrase = f'"{" ".join(copy["text"].split()[:6])}"'
    assert machine.json("search", phrase)["hits"][0]["copies"] == 1
    assert len(machine.json("search", phrase)["hits"]) == 1
    assert len(machine.json("search", phrase, "--all-copies")["hits"]) == 2


def test_an_edit_becomes_a_revision_and_is_found_by_its_new_words(world: World, tmp_path: Path) -> None:
    outlet = world.outlet(articles=3)
    machine = Machine(world, tmp_path)
    machine.run("crawl")
    edited = outlet.articles[0]
    changed = [*edited.text.paragraphs[:-1], "وأوضح البيان المعدل أن الاستقصاء شمل اثنتي عشرة بلدية."]
    edited.edit(type(edited.text)(**{**_fields(edited.text), "paragraphs": changed}), world.now)
    assert machine.json("crawl", "--all")["revisions"] == 1
    shown = machine.json("show", edited.url, "--history")
    assert shown["revision"] == 2
    assert len(shown["history"]) == 2
    assert "text" in shown["history"][1]["changed"]
    assert machine.json("search", "الاستقصاء بلدية")["total"] == 1
    machine.balanced_status()


def _fields(text: Any) -> dict[str, Any]:
    return {name: getattr(text, name) for name in type(text).__dataclass_fields__}


def test_the_service_finds_indexes_and_stops_in_order(world: World, tmp_path: Path) -> None:
    machine = Machine(small_world(world), tmp_path)
    wanted = len(reachable(world))
    with machine.service() as service:
        until(lambda: (tmp_path / "data" / "heartbeat.json").exists())
        until(lambda: machine.json("status")["totals"]["searchable"] == wanted)
        machine.run("healthcheck")
        assert f"(pid {service.pid})" in machine.error("crawl")
        word = max(machine.export()[0]["title"].split(), key=len)
        assert machine.json("search", word)["total"] >= 1
        service.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, err = service.communicate(timeout=30)
        assert service.returncode == 0, err
        assert time.monotonic() - began < 20
    machine.run("healthcheck", code=1)
    machine.balanced_status()


@pytest.mark.parametrize("kills", [4])
def test_killed_again_and_again_a_crawl_loses_and_doubles_nothing(world: World, tmp_path: Path, kills: int) -> None:
    for _ in range(4):
        world.outlet(articles=20, background=3)
    machine = Machine(world, tmp_path)
    everything = reachable(world)
    for number in range(kills):
        _kill_after(machine, world, len(everything) * (number + 1) // (kills + 2))
    machine.run("crawl")
    urls = [document["url"] for document in machine.export()]
    assert len(urls) == len(set(urls))
    assert set(urls) == everything
    machine.balanced_status()
    # Only what was in flight at a kill may be asked for again.
    assert _articles_asked(world) - len(everything) <= kills * len(world.outlets)


def _kill_after(machine: Machine, world: World, articles: int) -> None:
    """Progress, not time, says when: so that a slow machine kills at the same places."""
    process = machine.start("crawl")
    until(lambda: _articles_asked(world) >= articles or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _articles_asked(world: World) -> int:
    return sum(seen.path.startswith("/news/") for seen in world.requests())
