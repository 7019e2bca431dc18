"""Import the corpus and search it: documents a second, sizes, and how long 200 queries take.

python -m benchmarks.corpus [--keep FOLDER]
"""

import argparse
import gzip
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.shared import evaluation_data, marsad, marsad_json, spread

CORPUS = "corpus/ant-2018-feb-jun.jsonl.gz"
ASKED = ("اتفاق وقف إطلاق النار", "الوزير", "وزير")
QUERIES = 200


def rows() -> Iterator[dict[str, Any]]:
    with gzip.open(evaluation_data() / CORPUS, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def import_line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "url": row["url"],
        "title": row["title"],
        "text": row["text"],
        "published_at": row["time"] or None,
        "source": row["src"].lower(),
        "authors": [row["author"]] if row["author"] else [],
        "section": row["cat"],
        "summary": row["abstract"],
    }


def write_import(file: Path) -> Counter[str]:
    addresses = set()
    lines = 0
    with file.open("w", encoding="utf-8") as out:
        for row in rows():
            out.write(json.dumps(import_line(row), ensure_ascii=False) + "\n")
            addresses.add(row["url"])
            lines += 1
    return Counter(lines=lines, addresses=len(addresses))


def queries(seed: int = 7) -> list[str]:
    """One to three words of a random title each: what a person who remembers a headline would type."""
    chance = random.Random(seed)
    titles = [[word for word in row["title"].split() if word.isalpha()] for row in rows()]
    enough = [words for words in titles if len(words) >= 3]
    return [
        " ".join(chance.sample(words, 1 + number % 3)) for number, words in enumerate(chance.sample(enough, QUERIES))
    ]


def ids(query: str, data: Path) -> set[str]:
    found = marsad_json("search", query, "--limit", "1000", "--all-copies", data=data)
    return {hit["id"] for hit in found["hits"]}


def measure(data: Path) -> None:
    file = data.parent / "corpus.jsonl"
    count = write_import(file)
    print(f"corpus: {count['lines']} lines, {count['addresses']} addresses")
    began = time.perf_counter()
    report = marsad_json("import", file, data=data)
    seconds = time.perf_counter() - began
    print(f"import: {seconds:.1f} s, {count['lines'] / seconds:.0f} lines/s (indexing included); {_without(report)}")
    totals = marsad_json("status", data=data)["totals"]
    print(
        "status:", {name: totals[name] for name in ("listed", "stored", "indexed", "searchable", "pending", "dropped")}
    )
    balance = totals["listed"] - totals["stored"] - totals["pending"] - sum(totals["dropped"].values())
    print("listed - stored - pending - dropped:", balance)
    for name in ("marsad.db", "search.db"):
        size = sum(part.stat().st_size for part in data.glob(f"{name}*"))
        print(f"{name}: {size / 1e6:.0f} MB, {size / totals['stored'] / 1000:.1f} kB a document")
    for query in ASKED:
        for sort in ("newest", "best"):
            found = marsad_json("search", query, "--sort", sort, data=data)
            print(f"search «{query}» {sort}: {found['total']} ({found['total_relation']}), {found['took_ms']} ms")
    with_article, without = ids(ASKED[1], data), ids(ASKED[2], data)
    print(
        f"«{ASKED[1]}» and «{ASKED[2]}»: {len(with_article & without)} of {len(with_article | without)} hits the same"
    )
    asked = data.parent / "queries.txt"
    asked.write_text("\n".join(queries()), encoding="utf-8")
    for sort in ("newest", "best"):
        answers = marsad("search", "--file", asked, "--sort", sort, data=data).stdout.splitlines()
        results = [json.loads(answer) for answer in answers]
        nothing = sum(not result["total"] for result in results)
        print(f"search, {sort}: {spread([result['took_ms'] for result in results], 'ms')}, {nothing} found nothing")


def _without(report: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key != "problems"}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="Leave the data folder here.")
    chosen = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        measure(folder / "data")
