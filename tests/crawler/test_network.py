"""Whose trouble a failure is, as a pure machine: times are plain numbers."""

from crawler.network import NetworkWatch, Verdict


def test_a_failure_is_unclear_until_another_site_answers_and_then_it_is_the_outlets_own() -> None:
    watch = NetworkWatch[str](sites=5)
    assert watch.failed("a", "a.example", began=0, now=1) is Verdict.UNCLEAR
    assert watch.tick(1.5).theirs == ()
    assert list(watch.answered(2).theirs) == ["a"]
    assert watch.holding == 0


def test_three_sites_without_an_answer_between_them_are_our_own_line() -> None:
    watch = NetworkWatch[str](sites=119)
    for number, site in enumerate(("a", "b", "c", "c")):
        assert watch.failed(f"visit {number}", site, began=0, now=number / 10) is Verdict.UNCLEAR
    assert not watch.tick(1.0).ours, "an answer that is on its way has two seconds to arrive"
    assert list(watch.tick(2.5).ours) == ["visit 0", "visit 1", "visit 2", "visit 3"]
    assert watch.away


def test_two_sites_are_not_enough_to_blame_the_line() -> None:
    watch = NetworkWatch[str](sites=119)
    watch.failed("a", "a.example", began=0, now=0)
    watch.failed("b", "b.example", began=0, now=0)
    assert watch.tick(30) == watch.tick(59)
    assert list(watch.tick(60).theirs) == ["a", "b"]


def test_where_only_two_sites_are_watched_a_failure_counts_after_ten_seconds() -> None:
    watch = NetworkWatch[str](sites=2)
    watch.failed("a", "a.example", began=0, now=0)
    assert not watch.tick(9.9).theirs
    assert list(watch.tick(10).theirs) == ["a"]


def test_a_failure_with_nothing_else_left_to_ask_counts_after_ten_seconds() -> None:
    watch = NetworkWatch[str](sites=50)
    watch.failed("a", "a.example", began=0, now=0)
    assert list(watch.tick(10, alone=True).theirs) == ["a"]


def test_while_the_line_is_away_nothing_counts_and_one_probe_goes_out_every_fifteen_seconds() -> None:
    watch = _away(at=10)
    assert not watch.may_probe(12)
    assert watch.may_probe(15)
    assert not watch.may_probe(16), "one probe is out already"
    assert watch.failed("probe", "d.example", began=15, now=16) is Verdict.OURS
    assert watch.failed_probes == 1
    assert [moment for moment in range(17, 62) if watch.may_probe(moment)] == [30, 45, 60]


def test_one_answer_brings_the_line_back_and_what_began_before_it_does_not_count() -> None:
    watch = _away(at=10)
    assert watch.answered(40).theirs == []
    assert not watch.away
    assert watch.failed("late", "a.example", began=12, now=42) is Verdict.OURS
    assert watch.failed("after", "a.example", began=41, now=42) is Verdict.UNCLEAR


def test_a_timeout_during_which_other_sites_answered_is_the_outlets_own_at_once() -> None:
    watch = NetworkWatch[str](sites=50)
    watch.answered(20)
    for site in ("a", "b", "c"):
        assert watch.failed(site, site, began=5, now=35) is Verdict.THEIRS
    assert not watch.tick(60).ours


def _away(at: float) -> NetworkWatch[str]:
    watch = NetworkWatch[str](sites=119)
    for site in ("a", "b", "c"):
        watch.failed(site, f"{site}.example", began=at - 3, now=at - 3)
    assert watch.tick(at).ours
    return watch
