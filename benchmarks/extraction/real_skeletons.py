"""Corpus articles in the markup of the five real pages: as heavy and as crowded as what the web serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from benchmarks.extraction.gold import entries
from benchmarks.shared import evaluation_data

MOST_TEXT = 0.5  # the share of its parent's text from which an element holds the text by itself
TITLE, TEXT, ADDRESS = "\x00title\x00", "\x00text\x00", "\x00address\x00"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A page with gaps where its title, its text and its address stood."""

    file: str
    html: str

    def page(self, url: str, row: Mapping[str, Any]) -> str:
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in row["text"].splitlines() if line.strip())
        filled = self.html.replace(TITLE, escape(row["title"])).replace(TEXT, paragraphs)
        return filled.replace(ADDRESS, url)


def skeletons() -> list[Skeleton]:
    return [_emptied(gold) for gold in entries()]


def _emptied(gold: Mapping[str, Any]) -> Skeleton:
    tree = LexborHTMLParser((evaluation_data() / "pages" / gold["file"]).read_bytes().decode())
    holder = _text_holder(tree, gold["body_starts"])
    html, held = tree.html or "", holder.html or ""
    assert held in html, gold["file"]
    opening = held[: held.index(">") + 1]
    html = html.replace(held, f"{opening}{TEXT}</{holder.tag}>", 1)
    return Skeleton(gold["file"], html.replace(gold["title"], TITLE).replace(gold["url"], ADDRESS))


def _text_holder(tree: LexborHTMLParser, start: str) -> LexborNode:
    """The element around the body: from where it starts, up while that adds much of its text."""
    starting = [node for node in tree.css("div, article, section, td, p") if start in _plain(node)]
    holder = min(starting, key=lambda node: len(node.html or ""))
    while holder.parent is not None and holder.parent.tag not in ("body", "html"):
        if len(_plain(holder)) > MOST_TEXT * len(_plain(holder.parent)):
            break
        holder = holder.parent
    return holder


def _plain(node: LexborNode) -> str:
    return " ".join(node.text().split())
