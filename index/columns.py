"""How values lie in the rows: moments and spans as whole microseconds, so that they compare, index and round-trip."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Dialect, Integer, String, TypeDecorator

from news.documents import Calendar, ParsedDate, Precision

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970; exact, unlike `timestamp()`."""
    return (moment - EPOCH) // MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970 in UTC."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Span(TypeDecorator[timedelta]):
    """A duration as microseconds."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


class Words(TypeDecorator[tuple[str, ...]]):
    """A few strings as a JSON array; an empty tuple is null."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return json.dumps(value, ensure_ascii=False) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(json.loads(value)) if value else ()


def date_columns(name: str) -> list[Column[Any]]:
    """The columns of a `ParsedDate`: its moment, and how far and in which words the outlet told it."""
    return [
        Column(f"{name}_at", Moment),
        Column(f"{name}_precision", String),
        Column(f"{name}_calendar", String),
        Column(f"{name}_offset", Integer),
        Column(f"{name}_evidence", String),
    ]


def date_values(name: str, date: ParsedDate | None) -> dict[str, Any]:
    if date is None:
        return dict.fromkeys(f"{name}_{part}" for part in ("at", "precision", "calendar", "offset", "evidence"))
    return {
        f"{name}_at": date.value,
        f"{name}_precision": date.precision.value,
        f"{name}_calendar": date.calendar.value,
        f"{name}_offset": date.offset,
        f"{name}_evidence": date.evidence,
    }


def date_of(row: Any, name: str) -> ParsedDate | None:
    """The `ParsedDate` that `date_values` wrote into these columns."""
    value = getattr(row, f"{name}_at")
    if value is None:
        return None
    return ParsedDate(
        value=value,
        precision=Precision(getattr(row, f"{name}_precision")),
        calendar=Calendar(getattr(row, f"{name}_calendar")),
        offset=getattr(row, f"{name}_offset"),
        evidence=getattr(row, f"{name}_evidence"),
    )
