"""What indices, aliases and templates are called: all begin with the alias, so that two may share a cluster."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_MONTH = re.compile(r"\d{4}\.\d{2}")


@dataclass(frozen=True, slots=True)
class Names:
    alias: str = "news"

    @property
    def articles(self) -> str:
        return f"{self.alias}-articles"

    @property
    def health(self) -> str:
        return f"{self.alias}-health"

    @property
    def all_articles(self) -> str:
        return f"{self.articles}-*"

    def template(self, generation: int) -> str:
        return f"{self.articles}-g{generation}"

    def index(self, generation: int, month: str) -> str:
        return f"{self.template(generation)}-{month}"

    def every_index(self, generation: int) -> str:
        return f"{self.template(generation)}-*"

    def generation(self, name: str) -> int | None:
        """Of an index or a template of ours."""
        found = re.fullmatch(rf"{re.escape(self.articles)}-g(\d+)(?:-\d{{4}}\.\d{{2}})?", name)
        return int(found[1]) if found else None


def writing(index: str) -> str:
    """The name by which an index is written to: an alias, which no request can bring to life by mistake."""
    return f"{index}-write"


def month_of(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y.%m}"


def month_in(index: str) -> str | None:
    return index[-7:] if _MONTH.fullmatch(index[-7:]) else None


def month_start(month: str) -> datetime:
    return datetime.strptime(month, "%Y.%m").replace(tzinfo=UTC)


def oldest_kept(now: datetime, retention_months: int | None) -> str | None:
    """The first month that is kept: so many whole months before the current one. None: all are."""
    if retention_months is None:
        return None
    months = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1 - retention_months
    return f"{months // 12:04d}.{months % 12 + 1:02d}"
