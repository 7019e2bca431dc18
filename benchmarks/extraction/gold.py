"""What a careful reader takes from a real page against what marsad took: field by field, right of how many."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.shared import evaluation_data
from news.arabic import normalise

JUST = timedelta(seconds=60)  # a page that shows the minute does not know the second
ENDING = 60  # characters
DATELINE = 60  # characters: «(أبوظبي - البيان)» and the like may stand before the gold entry's first words


def entries() -> list[dict[str, Any]]:
    """The gold entries; where the page's whole text is there as a file, the body's end is known from it."""
    folder = evaluation_data() / "pages"
    found: list[dict[str, Any]] = json.loads((folder / "GOLD.json").read_text(encoding="utf-8"))
    for gold in found:
        text = (folder / gold["file"]).with_suffix(".txt")
        if not gold["body_ends"] and text.exists():
            gold["body_ends"] = " ".join(text.read_text(encoding="utf-8-sig").split())[-ENDING:]
    return found


def judge(document: Mapping[str, Any], gold: Mapping[str, Any]) -> dict[str, list[bool]]:
    """One verdict or more for each field that the gold entry knows. `document` as `marsad export` prints it."""
    text = " ".join(document["text"].split())
    found = {normalise(one["title"]) for one in document["related"]}
    return {
        "title": [normalise(document["title"]) == normalise(gold["title"])],
        "published date": [_same_time(document["published_at"], gold["published"])],
        "body start": [0 <= text.find(gold["body_starts"]) <= DATELINE],
        "body end": [text.endswith(gold["body_ends"])] if gold["body_ends"] else [],
        "must not contain": [words not in text for words in gold["must_not_contain"]],
        "related titles": [normalise(title) in found for title in gold["related_titles"]],
        "no related block": [not found] if not gold["related_titles"] else [],
    }


def tally(verdicts: Iterable[Mapping[str, list[bool]]]) -> dict[str, str]:
    """«n of m» for each field."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for verdict in verdicts:
        for field, answers in verdict.items():
            right[field] += sum(answers)
            asked[field] += len(answers)
    return {field: f"{right[field]} of {count}" for field, count in asked.items() if count}


def _same_time(found: str | None, gold: str) -> bool:
    """To the minute; where the gold entry knows only the day, the day in the outlet's own zone."""
    if found is None:
        return False
    moment = datetime.fromisoformat(found)
    if len(gold) == len("2013-08-04"):
        return moment.date() == date.fromisoformat(gold)
    return abs(moment - datetime.fromisoformat(gold)) < JUST
