import http.client
import itertools
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.site import Outlet, World, invent
from tests.site.behaviours import (
    drip,
    edited,
    empty,
    fail_then_ok,
    failing,
    gone,
    gzip_bomb,
    hang,
    header_bomb,
    html_instead_of_feed,
    huge,
    ok,
    redirect,
    reset,
    restless,
    slow,
    windows_1256,
    windows_1256_undeclared,
    with_headers,
)
from tests.site.exchange import Behaviour
from tests.site.log import gaps
from tests.site.outlet import FEED, SECTION, SITEMAP

REPOSITORY = Path(__file__).parents[2]


class Reply:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.body = answer.read()


def get(outlet: Outlet, path: str, timeout: float = 10, **headers: str) -> Reply:
    host = outlet.origin.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=timeout)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return Reply(connection.getresponse())
    finally:
        connection.close()


def relative(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@pytest.fixture
def outlet(world: World) -> Outlet:
    return world.outlet(articles=4, background=1)


def test_every_listing_names_every_listed_article_and_only_those(outlet: Outlet) -> None:
    hidden = [one for one in outlet.articles if not one.via]
    assert len(hidden) == 4  # one background article and three of the most read
    for path in (FEED, SITEMAP, SECTION):
        body = get(outlet, path).body.decode()
        assert all(one.url in body for one in outlet.articles if one.via)
        assert not any(one.url in body for one in hidden)


def test_an_article_carries_its_text_related_coverage_and_what_is_most_read(outlet: Outlet) -> None:
    last = [one for one in outlet.articles if one.via][-1]
    body = get(outlet, relative(last.url)).body.decode()
    assert all(paragraph in body for paragraph in last.text.paragraphs)
    story, _, side = body.partition("الأكثر قراءة")
    _, _, about = story.partition("حول هذه القصة")
    assert all(one.url in about for one in last.related)
    assert all(one.url in side and one.url not in about for one in outlet.most_read)


def test_the_same_seed_gives_the_same_text_and_two_seeds_share_next_to_no_phrase() -> None:
    assert invent("a") == invent("a")
    shingles = []
    for seed in range(60):
        said = invent(seed).body.split()
        shingles.append(set(itertools.pairwise(itertools.pairwise(said))))
    likeness = [len(one & other) / len(one | other) for one, other in itertools.combinations(shingles, 2)]
    assert max(likeness) < 0.1


def test_a_copy_in_another_outlet_has_the_same_text(world: World) -> None:
    first, second = world.outlet(articles=1), world.outlet()
    copy = second.add(first.articles[0].text.under("عنوان آخر"))
    assert copy.text.paragraphs[0] in get(second, relative(copy.url)).body.decode()
    assert copy.url.split("/")[2] != first.articles[0].url.split("/")[2]


def test_validators_are_honoured_until_the_article_changes(world: World, outlet: Outlet) -> None:
    one = outlet.articles[0]
    path = relative(one.url)
    first = get(outlet, path)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    assert get(outlet, path, If_None_Match=tag).status == 304
    assert get(outlet, path, If_Modified_Since=modified).status == 304
    one.edit(one.text.with_paragraph("فقرة جديدة."), world.now)
    changed = get(outlet, path, If_None_Match=tag)
    assert (changed.status, "فقرة جديدة" in changed.body.decode()) == (200, True)
    assert [seen.conditional for seen in world.requests(path=one.path)] == [False, True, True, True]


def test_a_plain_outlet_gives_no_validators_and_a_restless_one_never_the_same_page(outlet: Outlet) -> None:
    path = outlet.articles[0].path
    outlet.behave(path, ok)
    assert "etag" not in get(outlet, relative(outlet.articles[0].url)).headers
    outlet.behave(path, restless)
    url = relative(outlet.articles[0].url)
    assert get(outlet, url).body != get(outlet, url).body


def test_an_edit_comes_after_so_many_fetches(world: World, outlet: Outlet) -> None:
    one = outlet.articles[0]
    outlet.behave(one.path, edited(2, lambda: one.edit(one.text.under("عنوان معدل"), world.now)))
    bodies = [get(outlet, relative(one.url)).body.decode() for _ in range(3)]
    assert ["عنوان معدل" in body for body in bodies] == [False, False, True]


def test_failures_end_when_told(outlet: Outlet) -> None:
    outlet.behave(FEED, fail_then_ok(2, status=503))
    assert [get(outlet, FEED).status for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_point_where_told(outlet: Outlet, status: int) -> None:
    outlet.behave("/old", redirect("file:///nowhere", status))
    reply = get(outlet, "/old")
    assert (reply.status, reply.headers["location"]) == (status, "file:///nowhere")


def test_robots_say_what_they_are_told_or_nothing(outlet: Outlet) -> None:
    outlet.robots = "User-agent: marsad\nDisallow: /\n"
    assert get(outlet, "/robots.txt").body.decode() == outlet.robots
    outlet.robots = None
    assert get(outlet, "/robots.txt").status == 404


def test_windows_1256_comes_with_or_without_its_name(outlet: Outlet) -> None:
    one = outlet.articles[0]
    for behaviour, type in ((windows_1256, "text/html; charset=windows-1256"), (windows_1256_undeclared, "text/html")):
        outlet.behave(one.path, behaviour)
        reply = get(outlet, relative(one.url))
        assert reply.headers["content-type"] == type
        assert one.text.paragraphs[0] in reply.body.decode("windows-1256")
        assert b"utf-8" not in reply.body


def test_small_behaviours_answer_as_named(outlet: Outlet) -> None:
    outlet.behave("/gone", gone)
    outlet.behave("/throttled", failing(429, retry_after="7"))
    outlet.behave("/feed", html_instead_of_feed)
    outlet.behave("/empty", empty)
    outlet.behave("/big", huge(3_000_000))
    outlet.behave("/bomb", gzip_bomb)
    outlet.behave(FEED, with_headers(X_Robots_Tag="noindex"))
    assert get(outlet, "/gone").status == 410
    assert get(outlet, "/throttled").headers["retry-after"] == "7"
    assert get(outlet, "/feed").body.startswith(b"<!doctype html>")
    assert get(outlet, "/empty").body == b""
    assert len(get(outlet, "/big").body) == 3_000_000
    assert len(get(outlet, "/bomb").body) < 300_000
    assert get(outlet, FEED).headers["x-robots-tag"] == "noindex"
    assert get(outlet, "/no-such-page").status == 404


def test_a_reset_cuts_the_connection(outlet: Outlet) -> None:
    outlet.behave("/", reset)
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        get(outlet, "/")


def test_a_header_bomb_is_more_than_a_client_should_take(outlet: Outlet) -> None:
    outlet.behave("/", header_bomb)
    with pytest.raises(http.client.LineTooLong):
        get(outlet, "/")


@pytest.mark.parametrize("behaviour", [hang, slow(5)])
def test_a_client_that_waits_too_long_gives_up(outlet: Outlet, behaviour: Behaviour) -> None:
    outlet.behave("/", behaviour)
    with pytest.raises(TimeoutError):
        get(outlet, "/", timeout=0.2)


def test_a_dripping_page_takes_its_time(outlet: Outlet) -> None:
    outlet.behave("/robots.txt", drip(0.05, piece=10))
    started = time.monotonic()
    assert get(outlet, "/robots.txt", timeout=0.5).body.decode() == outlet.robots
    assert time.monotonic() - started > 0.15


def test_a_hanging_request_is_in_the_log_and_does_not_keep_the_world_from_ending() -> None:
    with World() as world:
        outlet = world.outlet()
        outlet.behave("/", hang)
        with pytest.raises(TimeoutError):
            get(outlet, "/", timeout=0.2)
        [seen] = world.requests(path="/")
        assert seen.end is None
    assert seen.end is not None


def test_the_log_tells_sites_times_and_the_gaps_between_requests(world: World) -> None:
    one, other = world.outlet(articles=1), world.outlet(articles=1)
    for asked in (one, other, one):
        get(asked, FEED, User_Agent="marsad/test")
        time.sleep(0.05)
    requests = world.requests(site=one.site)
    assert [seen.headers["user-agent"] for seen in requests] == ["marsad/test"] * 2
    assert all(seen.end and seen.start <= seen.end for seen in requests)
    assert gaps(requests)[0] >= 0.1
    assert len(world.requests(since=1)) == 2


def test_a_kept_connection_takes_hundreds_of_requests_a_second(world: World) -> None:
    outlet = world.outlet(articles=1)
    path = relative(outlet.articles[0].url)

    def ask() -> None:
        connection = http.client.HTTPConnection(outlet.origin.removeprefix("http://"))
        for _ in range(100):
            connection.request("GET", path)
            assert connection.getresponse().read()
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.requests(path=outlet.articles[0].path, status=200)) == 400
    assert time.monotonic() - started < 4  # 100 a second even on a busy machine; 1,500 on an idle one


def test_the_site_runs_by_itself_and_says_where(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.site", "--outlets", "2", "--articles", "2", "--sources", str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        lines = [child.stdout.readline() for _ in range(3)]
        child.terminate()
    assert "http://127.0.1.1:" in lines[0] and "http://127.0.1.2:" in lines[1]
    assert "MARSAD_SOURCES" in lines[2]
    assert len(list(tmp_path.glob("*.toml"))) == 2
    assert child.returncode == 0
