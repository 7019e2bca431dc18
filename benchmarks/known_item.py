"""Known-item search through `marsad search`: how high the article stands from whose abstract three words are asked for.

MRR@10 and recall@10 over 1,000 articles of the corpus, with the words as written (a) and as users spell them (b). The
queries are those of `knownitem.py` in the evaluation tools. With MARSAD_ELASTICSEARCH_URL set it measures that node.

python -m benchmarks.known_item [--queries N] [--data FOLDER]
"""

import argparse
import importlib.util
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from benchmarks.corpus import CORPUS, rows, write_import
from benchmarks.shared import evaluation_data, marsad, marsad_json
from news.urls import canonical

SHOWN = 10


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("knownitem", evaluation_data().parent / "tools" / "knownitem.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ranks(queries: Sequence[str], wanted: Sequence[str], data: Path) -> Iterator[int]:
    """Where each wanted address stands among the first ten; 0 = nowhere."""
    asked = data.parent / "known_item.txt"
    asked.write_text("\n".join(queries) + "\n", encoding="utf-8")
    answers = marsad("search", "--file", asked, "--sort", "best", "--limit", str(SHOWN), "--all-copies", data=data)
    for line, url in zip(answers.stdout.splitlines(), wanted, strict=True):
        found = [hit["url"] for hit in json.loads(line)["hits"]]
        yield found.index(url) + 1 if url in found else 0


def measure(data: Path, number: int) -> None:
    if not data.exists():
        file = data.parent / "corpus.jsonl"
        write_import(file)
        marsad_json("import", file, data=data)
    addresses = {row["docno"]: canonical(row["url"]) for row in rows()}
    items = tool().build(str(evaluation_data() / CORPUS), number, 7)
    wanted = [addresses[docno] for docno, _ in items]
    for variant, kind in (("a", "as written"), ("b", "as users spell")):
        places = list(ranks([" OR ".join(words[variant]) for _, words in items], wanted, data))
        mrr = sum(1 / place for place in places if place) / len(places)
        recall = sum(map(bool, places)) / len(places)
        print(f"{kind}: MRR@{SHOWN} {mrr:.3f}, recall@{SHOWN} {recall:.3f}, n {len(places)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--data", type=Path, help="A folder to import into, or one that holds the corpus already.")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measure(chosen.data or Path(scratch) / "data", chosen.queries)
