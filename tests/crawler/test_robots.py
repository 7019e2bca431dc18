"""What a robots.txt means for us."""

import time

from crawler import robots


def test_our_own_group_goes_before_the_one_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Marsad\nDisallow: /private/\n"
    assert robots.may_fetch(text, "https://sahifa.example/news/1")
    assert not robots.may_fetch(text, "https://sahifa.example/private/1")


def test_without_a_text_or_without_a_group_for_us_everything_is_allowed() -> None:
    assert robots.may_fetch(None, "https://sahifa.example/news/1")
    assert robots.may_fetch("User-agent: Other\nDisallow: /\n", "https://sahifa.example/news/1")


def test_the_longest_rule_wins_and_wildcards_are_read() -> None:
    text = "User-agent: *\nDisallow: /*/print/\nDisallow: /a\nAllow: /a/open\nDisallow: /*.pdf$\n"
    assert not robots.may_fetch(text, "https://x.example/news/print/5")
    assert not robots.may_fetch(text, "https://x.example/a/shut")
    assert robots.may_fetch(text, "https://x.example/a/open/1")
    assert not robots.may_fetch(text, "https://x.example/file.pdf")
    assert robots.may_fetch(text, "https://x.example/file.pdf?x=1")


def test_an_arabic_path_is_known_escaped_or_not() -> None:
    text = "User-agent: *\nDisallow: /أرشيف/\n"
    assert not robots.may_fetch(text, "https://x.example/%D8%A3%D8%B1%D8%B4%D9%8A%D9%81/1")


def test_a_crawl_delay_is_honoured_up_to_two_minutes() -> None:
    assert robots.crawl_delay("User-agent: *\nCrawl-delay: 10\n") == 10
    assert robots.crawl_delay("User-agent: *\nCrawl-delay: 86400\n") == 120
    assert robots.crawl_delay("User-agent: *\nDisallow: /x\n") == 0
    assert robots.crawl_delay(None) == 0


def test_only_the_first_500_kilobytes_are_read_and_html_forbids_nothing() -> None:
    body = b"User-agent: *\nDisallow: /early\n" + b"# filler\n" * 60_000 + b"Disallow: /late\n"
    text = robots.readable(body)
    assert len(text) == robots.MOST_BYTES
    assert not robots.may_fetch(text, "https://x.example/early")
    assert robots.may_fetch(text, "https://x.example/late")
    assert robots.may_fetch(robots.readable("<html><body>صفحة</body></html>".encode()), "https://x.example/1")


def test_a_file_of_many_names_and_many_rules_costs_no_more_than_its_size() -> None:
    text = "\n".join(f"User-agent: bot{n}" for n in range(12_000)) + "\n"
    text += "\n".join(f"Disallow: /{n}" for n in range(12_000))
    began = time.process_time()
    assert robots.may_fetch(text, "https://x.example/1")
    # Rules times names would be minutes.
    assert time.process_time() - began < 10
