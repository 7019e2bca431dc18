"""Saved objects as Kibana imports them: what holds of every type."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.elastic.names import Names

SavedObject = dict[str, Any]
Reference = dict[str, str]

# The shapes that are written here. Kibana migrates older shapes when it imports them and refuses newer ones.
CORE_VERSION: Final = "8.8.0"
VERSIONS: Final[Mapping[str, str]] = {"index-pattern": "8.0.0", "search": "8.0.0", "dashboard": "8.9.0", "tag": "8.0.0"}
TAG: Final = "tag"


@dataclass(frozen=True, slots=True)
class Ids:
    """The same for every import, so that the next one replaces what the last one made; by alias, so that two
    marsads may share a Kibana."""

    names: Names

    def of(self, name: str) -> str:
        return f"marsad-{self.names.alias}-{name}"

    def titled(self, title: str) -> str:
        """Latin letters and no punctuation: Kibana has no right-to-left layout."""
        return f"marsad {title}" if self.names.alias == "news" else f"marsad {self.names.alias} {title}"

    def reference(self, name: str, type_: str, target: str) -> Reference:
        return {"name": name, "type": type_, "id": self.of(target)}

    def tagged(self) -> Reference:
        return self.reference(f"tag-ref-{self.of(TAG)}", "tag", TAG)


def saved_object(
    type_: str, id_: str, attributes: Mapping[str, Any], references: Sequence[Reference] = ()
) -> SavedObject:
    return {
        "type": type_,
        "id": id_,
        "attributes": dict(attributes),
        "references": list(references),
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": VERSIONS[type_],
        "managed": False,
    }


def tag(ids: Ids) -> SavedObject:
    attributes = {"name": ids.titled("").strip(), "description": "What marsad imports", "color": "#3B7C8C"}
    return saved_object("tag", ids.of(TAG), attributes)


def packed(value: Any) -> str:
    """JSON inside JSON: many attributes are strings that hold it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def kuery(query: str) -> dict[str, str]:
    return {"language": "kuery", "query": query}
