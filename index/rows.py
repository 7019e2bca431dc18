"""Reading, inserting and changing single rows, with statements that are built once: building one anew takes SQLAlchemy
longer than SQLite needs to run it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, bindparam, insert, select, update

from index.database import documents, endpoints, robots, url_events, urls

_UPDATE: Final = {
    table: update(table).where(table.c.id == bindparam("key_")) for table in (documents, endpoints, robots, urls)
}
_SELECT: Final = {table: select(table).where(table.c.id == bindparam("key_")) for table in _UPDATE}
_URL: Final = select(urls).where(urls.c.url == bindparam("key_"))
_INSERT: Final = {table: insert(table) for table in (documents, url_events)}


def change(conn: Connection, table: Table, id_: int | str, values: Mapping[str, Any]) -> None:
    """Set the columns named in `values` of the row with this id."""
    conn.execute(_UPDATE[table], {"key_": id_, **values})


def row_of(conn: Connection, table: Table, id_: int | str) -> Row[Any]:
    row: Row[Any] = conn.execute(_SELECT[table], {"key_": id_}).one()
    return row


def url_named(conn: Connection, url: str) -> Row[Any] | None:
    """The row of a canonical URL."""
    row: Row[Any] | None = conn.execute(_URL, {"key_": url}).first()
    return row


def add(conn: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row; its primary key."""
    key: Sequence[Any] | None = conn.execute(_INSERT[table], dict(values)).inserted_primary_key
    assert key is not None
    return int(key[0])
