"""The catalogue of sources on the disk: the files that ship, and over them what the user added or switched."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath
from typing import Any

import tomlkit
from tomlkit.items import AoT
from tomlkit.items import Table as TomlTable

from index.errors import ForeseenError
from news.documents import Source
from news.sources import SourceError, overlay, parse_table, read_source
from news.sources.values import identifier

_ROOT = Path(__file__).resolve().parent.parent


class CatalogueError(ForeseenError):
    """Every problem of every source file, one a line."""

    def __init__(self, problems: list[SourceError]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


def shipped() -> Path:
    """The folder of the catalogue that ships: inside the package when installed, beside it in a checkout."""
    packed = _ROOT / "marsad" / "_sources"
    return packed if packed.is_dir() else _ROOT / "sources"


def load(catalogue: Path | Traversable, overlay_folder: Path | None = None) -> dict[str, Source]:
    """All sources by id, in the order of their ids. Raises `CatalogueError` with all that is wrong."""
    problems: list[SourceError] = []
    if not catalogue.is_dir():
        hint = "is no folder; set `sources` to a folder of source files"
        raise CatalogueError([SourceError(str(catalogue), "", hint)])
    base = _tables(catalogue, problems)
    user = _tables(overlay_folder, problems) if overlay_folder is not None and overlay_folder.is_dir() else {}
    sources: dict[str, Source] = {}
    for id_ in sorted(base.keys() | user.keys()):
        source = _merged(base.get(id_), user.get(id_), problems)
        if source is not None:
            sources[id_] = source
    if problems:
        raise CatalogueError(problems)
    return sources


_Read = tuple[str, dict[str, Any]]  # the file's name, as errors print it, and what it holds


def _tables(folder: Path | Traversable, problems: list[SourceError]) -> dict[str, _Read]:
    tables: dict[str, _Read] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml") or file.name.startswith("."):
            continue
        name = f"{folder.name}/{file.name}"
        try:
            tables[PurePath(file.name).stem] = name, parse_table(file.read_bytes().decode(), name)
        except UnicodeDecodeError:
            problems.append(SourceError(name, "", "is not UTF-8; save it as UTF-8"))
        except OSError as error:
            problems.append(SourceError(name, "", f"cannot be read: {error.strerror}"))
        except SourceError as error:
            problems.append(error)
    return tables


def _merged(base: _Read | None, user: _Read | None, problems: list[SourceError]) -> Source | None:
    """A mistake is laid to the file that holds it: the shipped one is judged alone before the user's goes over it."""
    source: Source | None = None
    if base is not None:
        source, found = read_source(base[1], base[0])
        problems += found
    if user is not None and (base is None or source is not None):
        source, found = read_source(overlay(base[1] if base else {}, user[1]), user[0])
        problems += found
    return source


def save_overlay(folder: Path, id_: str, changes: Mapping[str, Any]) -> Path:
    """Writes `changes` into the user's file of this source, keeping its other keys and its comments.

    Tables are merged key by key and endpoints by their address, as they are when read. The file is replaced as a
    whole, so a reader sees the old one or the new one. Raises `SourceError` where the present file cannot be read.
    """
    file = folder / f"{id_}.toml"
    name = f"{folder.name}/{file.name}"
    try:
        identifier(id_)  # which also keeps the file inside the folder
    except ValueError as error:
        raise SourceError(name, "id", f"{error}, found {id_!r}") from None
    text = file.read_text("utf-8-sig") if file.exists() else f'id = "{id_}"\n'
    parse_table(text, name)
    document = tomlkit.parse(text)
    for key, value in _tables_last(changes):
        _put(document, key, value)
    folder.mkdir(parents=True, exist_ok=True)
    _replace(file, tomlkit.dumps(document))
    return file


def _tables_last(changes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return iter(sorted(changes.items(), key=lambda item: isinstance(item[1], Mapping) or item[0] == "endpoints"))


def _put(document: tomlkit.TOMLDocument, key: str, value: Any) -> None:
    below = document.get(key)
    if key == "endpoints":
        endpoints = below if isinstance(below, AoT) else tomlkit.aot()
        if below is None:
            document.append(key, endpoints)
        for endpoint in value:
            _put_endpoint(endpoints, endpoint)
    elif isinstance(value, Mapping) and isinstance(below, TomlTable):
        below.update(value)
    else:
        document[key] = value


def _put_endpoint(endpoints: AoT, changes: Mapping[str, Any]) -> None:
    for endpoint in endpoints:
        if endpoint.get("url") == changes["url"]:
            endpoint.update(changes)
            return
    table = tomlkit.table()
    table.update(changes)
    endpoints.append(table)


def _replace(file: Path, text: str) -> None:
    """Atomic also against a power cut: the bytes are on the disk before the name points to them."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
