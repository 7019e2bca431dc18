"""Source files: what they say, what people get wrong in them, and what the user's file changes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from news.documents import EndpointKind
from news.sources import SourceError, overlay, parse_duration, parse_source, parse_table, read_source

SMALL = """
id = "minbar"
name = "منبر الخليج"
homepage = "https://minbar.example/"
"""

WHOLE = r"""
id = "minbar"
name = "منبر الخليج"
homepage = "https://minbar.example/"
country = "QA"
timezone = "Asia/Qatar"
language = "ar"
feeds = ["https://minbar.example/rss"]
sitemaps = ["https://minbar.example/news-sitemap.xml"]
sections = ["https://minbar.example/سياسة/"]
articles = ['^/news/\d+', '^/سياسة/[^/]+$']
delay = 5
allowed_domains = ["minbar.example", "Minbar-Archive.example", "127.0.0.3"]
interval = "20m"
enabled = true

[related]
hops = 2

[selectors]
body = "#article > .text"
remove = [".tweet"]

[[endpoints]]
kind = "feed"
url = "https://minbar.example:8443/sport.xml"
enabled = false
confidence = "low"
evidence = "named in robots.txt"
notes = "slow"
checked_at = 2026-10-08
"""


def first_problem(text: str, file: str = "sources/minbar.toml") -> str:
    with pytest.raises(SourceError) as caught:
        parse_source(text, file)
    return str(caught.value)


def test_every_key_of_the_format_arrives_in_the_source() -> None:
    source = parse_source(WHOLE, "sources/minbar.toml")
    assert (source.id, source.name, source.country, source.timezone) == ("minbar", "منبر الخليج", "QA", "Asia/Qatar")
    assert source.articles == (r"^/news/\d+", "^/سياسة/[^/]+$")
    assert source.delay == 5.0
    assert source.allowed_domains == ("minbar.example", "minbar-archive.example", "127.0.0.3")
    assert source.interval == timedelta(minutes=20)
    assert source.related_hops == 2
    assert source.selectors.body == "#article > .text"
    assert source.selectors.remove == (".tweet",)
    assert [endpoint.kind for endpoint in source.endpoints] == [
        EndpointKind.FEED,
        EndpointKind.SITEMAP,
        EndpointKind.SECTION,
        EndpointKind.FEED,
    ]
    last = source.endpoints[-1]
    assert (last.enabled, last.confidence, last.notes, last.checked_at) == (False, "low", "slow", "2026-10-08")


def test_a_name_and_a_homepage_are_enough() -> None:
    source = parse_source(SMALL, "minbar.toml")
    assert (source.language, source.timezone, source.enabled, source.related_hops) == ("ar", "UTC", True, 1)
    assert source.endpoints == ()
    assert source.delay is None


def test_the_id_may_be_left_out_because_the_file_has_it() -> None:
    assert parse_source(SMALL.replace('id = "minbar"', ""), "sources/minbar.toml").id == "minbar"


def test_a_file_saved_with_a_byte_order_mark_is_read() -> None:
    assert parse_source("\ufeff" + SMALL, "minbar.toml").id == "minbar"


def test_an_address_in_a_short_list_and_in_the_long_form_is_one_endpoint() -> None:
    text = 'feeds = ["https://minbar.example/rss", "https://minbar.example/rss"]\n' + SMALL
    text += '[[endpoints]]\nurl = "https://minbar.example/rss"\nenabled = false\n'
    (endpoint,) = parse_source(text, "minbar.toml").endpoints
    assert (endpoint.kind, endpoint.enabled) == (EndpointKind.FEED, False)


ENDPOINT = 'kind = "feed", url = "https://a.example/"'
MISTAKES = {
    'feeds = "https://minbar.example/rss"': "must be a list of addresses, found a string; write feeds = [",
    "feeds = [1]": "key `feeds` must be a list of addresses, found a number in it",
    'feeds = ["minbar.example/rss"]': "must be whole addresses that begin with https:// or http://, found 'minbar.e",
    'feeds = ["ftp://minbar.example/rss"]': "key `feeds` must be whole addresses",
    'feeds = ["https://reader:secret@minbar.example/rss"]': "without a user name or password",
    'sitemaps = ["https://minbar.example:99999/s.xml"]': "key `sitemaps` must be whole addresses",
    'feed = ["https://minbar.example/rss"]': "key `feed` is unknown; did you mean `feeds`?",
    "zzz = 1": "key `zzz` is unknown; the keys are id, name",
    "articles = ['^/news/[']": "key `articles` must be regular expressions (unterminated character set",
    "articles = ['.*']": "key `articles` must be regular expressions that do not match everything",
    'timezone = "Asia/Qatr"': "key `timezone` must be an IANA time zone such as Asia/Qatar, found 'Asia/Qatr'",
    'timezone = "Asia"': "key `timezone` must be an IANA time zone",
    'timezone = "../../etc/passwd"': "key `timezone` must be an IANA time zone",
    'country = "qatar"': "must be a two-letter code of ISO 3166 in capitals, such as QA, found 'qatar'",
    'country = "XX"': "key `country` must be a two-letter code",
    'language = "Arabic"': "key `language` must be a language code such as ar",
    'interval = "15"': "key `interval` must be a length of time such as 90s, 15m, 6h or 30d, found '15'",
    "interval = 15": 'key `interval` must be a string, found a number; write interval = "15m"',
    'delay = "5"': "key `delay` must be a number of seconds, found a string; write delay = 5",
    "delay = -1": "key `delay` must be zero or more seconds, found -1",
    "delay = inf": "key `delay` must be zero or more seconds, found inf",
    "delay = true": "key `delay` must be a number of seconds, found true or false",
    'enabled = "no"': "key `enabled` must be true or false, found a string; write enabled = true",
    'allowed_domains = ["https://minbar.example/"]': "key `allowed_domains` must be bare domains such as example.com",
    "related = 2": "key `related` must be a table, found a number; write [related] on a line of its own",
    "related = { hops = -1 }": "key `related.hops` must be a whole number from 0 up, found -1",
    "related = { hop = 1 }": "key `related.hop` is unknown; did you mean `hops`?",
    "selectors = { body = '..' }": "key `selectors.body` must be a CSS selector, found '..'",
    "selectors = { remove = '.ad' }": 'must be a list of CSS selectors, found a string; write remove = [".ad"]',
    'endpoints = ["https://minbar.example/rss"]': "must be tables; write each one under its own [[endpoints]]",
    'endpoints = [{ kind = "feed" }]': "key `endpoints[1].url` is missing",
    'endpoints = [{ url = "https://a.example/" }]': 'key `endpoints[1].kind` is missing; write kind = "feed"',
    f"endpoints = [{{ {ENDPOINT.replace('feed', 'rss')} }}]": "must be feed, sitemap or section, found 'rss'",
    f'endpoints = [{{ {ENDPOINT}, confidence = "sure" }}]': "`endpoints[1].confidence` must be high, medium or low",
    f"endpoints = [{{ {ENDPOINT} }}, {{ {ENDPOINT} }}]": "key `endpoints[2].url` stands here a second time",
}


@pytest.mark.parametrize(("line", "sentence"), MISTAKES.items())
def test_a_mistake_names_the_file_the_key_and_what_is_expected(line: str, sentence: str) -> None:
    problem = first_problem(SMALL + line)
    assert problem.startswith("sources/minbar.toml: key `")
    assert sentence in problem
    assert "\n" not in problem


@pytest.mark.parametrize("key", ["name", "homepage"])
def test_a_missing_key_is_named_with_an_example(key: str) -> None:
    text = "\n".join(line for line in SMALL.splitlines() if not line.startswith(key))
    assert f'key `{key}` is missing; write {key} = "' in first_problem(text)


def test_an_id_that_is_not_the_name_of_its_file_is_refused() -> None:
    problem = first_problem(SMALL, "sources/mimbar.toml")
    assert problem == (
        "sources/mimbar.toml: key `id` must be the name of its file, found 'minbar'; "
        'write id = "mimbar" or rename the file'
    )


def test_a_file_name_that_is_no_id_is_refused_even_without_an_id_inside() -> None:
    assert "must be made of a-z, 0-9" in first_problem(SMALL.replace('id = "minbar"', ""), "sources/Minbar 2.toml")


def test_broken_toml_is_told_with_its_line() -> None:
    assert "sources/minbar.toml: is no readable TOML" in first_problem("id = \nname =")
    assert "line 1" in first_problem("id = \nname =")


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    table = parse_table(SMALL + 'delay = "5"\ncountry = "qatar"\ncontry = "QA"\n', "minbar.toml")
    source, problems = read_source(table, "minbar.toml")
    assert source is None
    assert {problem.key for problem in problems} == {"delay", "country", "contry"}


def test_the_users_file_changes_only_the_keys_that_it_names() -> None:
    base = parse_table(WHOLE, "minbar.toml")
    user = {"delay": 9, "enabled": False, "selectors": {"title": "h1"}}
    source, problems = read_source(overlay(base, user), "minbar.toml")
    assert source is not None and not problems
    assert (source.delay, source.enabled, source.name) == (9.0, False, "منبر الخليج")
    assert (source.selectors.title, source.selectors.body) == ("h1", "#article > .text")
    assert base["delay"] == 5


def test_the_users_endpoints_are_laid_over_the_shipped_ones_by_address() -> None:
    sport, rss = "https://minbar.example:8443/sport.xml", "https://minbar.example/rss"
    user = {
        "endpoints": [
            {"url": sport, "enabled": True, "checked_at": "2026-11-20T10:00:00+00:00"},
            {"url": rss, "enabled": False},
            {"url": "https://minbar.example/atom", "kind": "feed"},
        ]
    }
    source, problems = read_source(overlay(parse_table(WHOLE, "minbar.toml"), user), "minbar.toml")
    assert source is not None and not problems
    endpoints = {endpoint.url: endpoint for endpoint in source.endpoints}
    assert len(endpoints) == len(source.endpoints) == 5
    assert (endpoints[sport].enabled, endpoints[sport].confidence) == (True, "low")
    assert (endpoints[rss].enabled, endpoints[rss].kind) == (False, EndpointKind.FEED)


def test_a_wrong_kind_of_value_in_the_users_file_is_told_and_not_swallowed() -> None:
    for user in ({"endpoints": [{"url": ["https://minbar.example/rss"]}]}, {"selectors": "h1"}, {"endpoints": "x"}):
        source, problems = read_source(overlay(parse_table(WHOLE, "minbar.toml"), user), "minbar.toml")
        assert source is None
        assert problems


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("6h", timedelta(hours=6)),
        ("30d", timedelta(days=30)),
        ("2w", timedelta(weeks=2)),
        (" 1h 30m ", timedelta(minutes=90)),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "15", "m", "-5m", "1.5h", "٥m", "0s", "15 minutes", "99999999999999d", "1m,2s"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|too long|longer than zero"):
        parse_duration(text)


def test_the_examples_of_the_documentation_can_be_read() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "adding-a-source.md"
    whole, endpoint, changes, selectors = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    source = parse_source(whole + selectors + endpoint, "minbar.toml")
    assert source.selectors.body == "#story-text"
    assert [one.enabled for one in source.endpoints] == [True, True, True, False]
    merged = overlay(
        parse_table(whole, "minbar.toml"), parse_table(changes.replace("aljazeera.net", "minbar.example"), "m")
    )
    assert read_source({**merged, "endpoints": []}, "minbar.toml")[0] is not None
