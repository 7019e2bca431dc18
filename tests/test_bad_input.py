"""What goes wrong on the way: each case ends in a sentence or a counted outcome, and harms no other."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import Machine, until
from tests.site import World, behaviours

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
HUGE = 50 << 20

in_a_namespace = pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0,
    reason="mounting a small or read-only folder takes a user namespace, which this machine does not allow",
)


def test_a_feed_that_is_html_is_said_to_be_and_the_other_endpoints_go_on(world: World, tmp_path: Path) -> None:
    outlet = world.outlet(articles=3, endpoints=("feed", "sitemap"))
    outlet.behave("/rss", behaviours.html_instead_of_feed)
    machine = Machine(world, tmp_path)
    assert machine.json("crawl")["new"] == 3
    machine.balanced_status()
    found = {row["kind"]: row for row in machine.json("sources", "check", outlet.id)["endpoints"]}
    assert not found["feed"]["works"]
    assert "HTML" in found["feed"]["found"]
    assert found["sitemap"]["works"]


def test_an_empty_feed_is_no_failure_of_anyone_else(world: World, tmp_path: Path) -> None:
    silent = world.outlet(articles=2, endpoints=("feed",))
    silent.behave("/rss", behaviours.empty)
    world.outlet(articles=2)
    machine = Machine(world, tmp_path)
    assert machine.json("crawl")["new"] == 2
    machine.balanced_status()
    assert "empty" in machine.json("sources", "check")["endpoints"][0]["found"]


def test_a_page_of_fifty_megabytes_is_too_large_and_counted(world: World, tmp_path: Path) -> None:
    outlet = world.outlet(articles=3)
    big = outlet.articles[0]
    outlet.behave(big.path, behaviours.huge(HUGE))
    machine = Machine(world, tmp_path)
    machine.run("crawl")
    assert machine.json("why", big.url)["outcome"] == "too_large"
    assert machine.balanced_status()["totals"]["dropped"]["too_large"] == 1


@pytest.mark.parametrize(
    "target",
    ["http://127.0.9.9/secret", "http://2130708745/secret", "http://[::1]/secret", "file:///etc/hostname"],
)
def test_a_redirect_to_a_refused_address_is_not_followed(world: World, tmp_path: Path, target: str) -> None:
    outlet = world.outlet(articles=2)
    trapped = outlet.articles[0]
    outlet.behave(trapped.path, behaviours.redirect(target))
    # The forbidden address is loopback as well, outside what is allowed: nothing can leave the machine.
    machine = Machine(world, tmp_path, MARSAD_ALLOW_NETWORKS="127.0.1.0/24")
    machine.run("crawl")
    why = machine.json("why", trapped.url)
    assert why["outcome"] == "refused_address", why
    assert not world.requests(path="/secret")
    assert machine.balanced_status()["totals"]["stored"] == 1


def test_a_wrong_key_in_a_source_file_names_file_key_and_what_to_write(world: World, tmp_path: Path) -> None:
    world.outlet(articles=1)
    machine = Machine(world, tmp_path)
    file = next((tmp_path / "sources").glob("*.toml"))
    file.write_text(file.read_text(encoding="utf-8").replace("homepage =", "hompage ="), encoding="utf-8")
    error = machine.error("crawl")
    assert file.name in error
    assert "`hompage`" in error
    assert "homepage" in error


def test_a_second_service_on_one_data_folder_is_refused_in_one_sentence(world: World, tmp_path: Path) -> None:
    world.outlet(articles=1)
    machine = Machine(world, tmp_path)
    with machine.service() as service:
        machine.until_heartbeat()
        error = machine.error("run")
        assert f"(pid {service.pid})" in error
        assert len(error.strip().splitlines()) == 1


@in_a_namespace
def test_a_full_disk_ends_the_pass_with_a_sentence_and_the_next_one_goes_on(world: World, tmp_path: Path) -> None:
    world.outlet(articles=40)
    machine = Machine(world, tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    command = f"""
        mount -t tmpfs -o size=900k tmpfs {data} && {sys.executable} -m marsad.cli crawl; echo "exit $?"
        mount -o remount,size=60m {data} && {sys.executable} -m marsad.cli crawl; echo "exit $?"
        {sys.executable} -m marsad.cli status --json
    """
    out = machine.shell("unshare", "-rm", "sh", "-c", command)
    assert "exit 1" in out
    assert "disk" in out.lower() or "full" in out.lower()
    assert out.count("exit 0") == 1
    assert '"stored": 40' in out.splitlines()[-1]


@in_a_namespace
def test_a_read_only_data_folder_is_searched_but_not_crawled(world: World, tmp_path: Path) -> None:
    world.outlet(articles=3)
    machine = Machine(world, tmp_path)
    machine.run("crawl")
    word = max(machine.export()[0]["title"].split(), key=len)
    data = tmp_path / "data"
    command = f"""
        mount --bind {data} {data} && mount -o remount,ro,bind {data}
        {sys.executable} -m marsad.cli search {word} --json; echo "exit $?"
        {sys.executable} -m marsad.cli crawl; echo "exit $?"
    """
    out = machine.shell("unshare", "-rm", "sh", "-c", command)
    assert '"total": ' in out
    assert "exit 0" in out
    assert "exit 1" in out
    assert "Traceback" not in out


@in_a_namespace
def test_without_any_network_the_service_stays_up_and_punishes_nobody(world: World, tmp_path: Path) -> None:
    # The catalogue that ships, in a network namespace that has not even a loopback address: nothing can get out.
    machine = Machine(world, tmp_path, MARSAD_SOURCES="", MARSAD_ALLOW_NETWORKS="", MARSAD_DELAY="")
    with machine.service(through=["unshare", "-rn"]) as service:
        machine.until_heartbeat()
        until(lambda: machine.json("status")["service"]["state"] == "network_away")
        status = machine.balanced_status()
        assert len(status["sources"]) >= 119
        assert {row["health"] for row in status["sources"]} <= {"ok", "disabled"}
        service.send_signal(signal.SIGTERM)
        _, err = service.communicate(timeout=30)
        assert service.returncode == 0, err
        assert "Our own network" in err
