"""Known-item search through `marsad search`: how high the article stands from whose abstract three words are asked for.

    python -m benchmarks.known_item [--queries N] [--backends embedded elasticsearch] [--folder FOLDER]

MRR@10 and recall@10 over 1,000 articles of the corpus, by relevance, with the words as written and as users spell them,
and each as it is typed (all words, or any where no document has all) and with OR between the words. The queries are
those of `knownitem.py` in the evaluation tools. The abstract is the article's summary, as a feed's would be. The node
is the tests' own. `--folder` keeps the imported corpus for the next run.
"""

import argparse
import importlib.util
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks.corpus import CORPUS, rows, write_import
from benchmarks.elastic.corpus import running_node
from benchmarks.shared import evaluation_data, marsad, marsad_json
from news.urls import canonical

SHOWN: Final = 10
SEED: Final = 7
VARIANTS: Final = (("a", "as written"), ("b", "as users spell"))
JOINED: Final = ((" ", "as typed"), (" OR ", "any word"))
BACKENDS: Final = ("embedded", "elasticsearch")

Item = tuple[str, dict[str, list[str]]]
"""An article's number in the corpus, and its words by variant."""


def items(number: int) -> list[Item]:
    spec = importlib.util.spec_from_file_location("knownitem", evaluation_data().parent / "tools" / "knownitem.py")
    assert spec and spec.loader
    tool: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    found: list[Item] = tool.build(str(evaluation_data() / CORPUS), number, SEED)
    return found


def ranks(queries: Sequence[str], wanted: Sequence[str], data: Path, environ: Mapping[str, str]) -> Iterator[int]:
    """Where each wanted address stands among the first ten; 0 = nowhere."""
    asked = data.parent / "known_item.txt"
    asked.write_text("\n".join(queries) + "\n", encoding="utf-8")
    how = ("--sort", "best", "--limit", str(SHOWN), "--all-copies")
    answers = marsad("search", "--file", asked, *how, data=data, environ=environ)
    for line, url in zip(answers.stdout.splitlines(), wanted, strict=True):
        found = [hit["url"] for hit in json.loads(line)["hits"]]
        yield found.index(url) + 1 if url in found else 0


def measure(name: str, asked: Sequence[Item], data: Path, environ: Mapping[str, str]) -> None:
    addresses = {row["docno"]: canonical(row["url"]) for row in rows()}
    wanted = [addresses[docno] for docno, _ in asked]
    for joint, typed in JOINED:
        for variant, kind in VARIANTS:
            places = list(ranks([joint.join(words[variant]) for _, words in asked], wanted, data, environ))
            mrr = sum(1 / place for place in places if place) / len(places)
            recall = sum(map(bool, places)) / len(places)
            print(f"{name}, {typed}, {kind}: MRR@{SHOWN} {mrr:.3f}, recall@{SHOWN} {recall:.3f}, n {len(places)}")


def imported(data: Path) -> None:
    """Leaves what is there as it is."""
    if not data.exists():
        file = data.parent / "corpus.jsonl"
        write_import(file)
        marsad_json("import", file, data=data)


def run(chosen: Any) -> None:
    asked = items(chosen.queries)
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        imported(folder / "data")
        for name in chosen.backends:
            environ = {}
            if name == "elasticsearch":
                environ["MARSAD_ELASTICSEARCH_URL"] = stack.enter_context(running_node(heap="1g")).url
            marsad("sync", data=folder / "data", environ=environ)
            measure(name, asked, folder / "data", environ)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--backends", nargs="+", choices=BACKENDS, default=list(BACKENDS))
    parser.add_argument("--folder", type=Path, help="Keep the imported corpus here.")
    run(parser.parse_args())
