"""What a command works with: the settings in force, and from them the sources, the store and the search index."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import click

from index import catalogue
from index.backends import SearchIndex, open_backend
from index.database import FILE
from index.store import Store
from marsad import logs
from marsad.config import Loaded, Settings, load
from marsad.output import Failed
from news.documents import Source

USER_SOURCES = "sources"


class Workplace:
    """Everything is loaded when it is first asked for, so that a command pays only for what it uses."""

    def __init__(self, config: Path | None, overrides: dict[str, str]) -> None:
        self._config = config
        self._overrides = overrides

    @cached_property
    def loaded(self) -> Loaded:
        loaded = load(self._config, self._overrides)
        logs.set_up(loaded.settings.log.level, loaded.settings.log.format)
        for warning in loaded.warnings:
            click.echo(f"marsad: {warning}", err=True)
        return loaded

    @property
    def settings(self) -> Settings:
        return self.loaded.settings

    @property
    def user_sources(self) -> Path:
        return self.settings.data / USER_SOURCES

    @cached_property
    def sources(self) -> dict[str, Source]:
        return catalogue.load(self.settings.sources or catalogue.shipped(), self.user_sources)

    def source(self, id_: str) -> Source:
        if id_ not in self.sources:
            raise Failed(f"There is no source {id_!r}; `marsad sources list` names them.")
        return self.sources[id_]

    @contextmanager
    def store(self, *, readonly: bool = False, may_begin: bool = False) -> Iterator[Store]:
        """`may_begin`: where there is none, one is made. Whoever only works on what is there would do nothing, and say
        that it was done, in a folder that was named by mistake."""
        if not may_begin and not (self.settings.data / FILE).exists():
            raise Failed(
                f"There is no store in {self.settings.data}; name its folder by --data or MARSAD_DATA, or run "
                "`marsad crawl` to begin one."
            )
        store = Store.open(self.settings.data, readonly=readonly)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def index(self, store: Store, *, readonly: bool = False) -> Iterator[SearchIndex]:
        with open_backend(self.settings, store, self.sources, readonly=readonly) as index:
            yield index

    @property
    def zone(self) -> str | None:
        return self.settings.display.timezone


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
