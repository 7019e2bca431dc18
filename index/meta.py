"""Single values that the store remembers, by key: rows of the table `meta`."""

from typing import Final

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from index.database import meta

_ROW: Final = insert(meta)
_WRITE: Final = _ROW.on_conflict_do_update(index_elements=["key"], set_={"value": _ROW.excluded.value})
_READ: Final = select(meta.c.value).where(meta.c.key == bindparam("key_"))


def read_value(conn: Connection, key: str) -> str | None:
    return conn.execute(_READ, {"key_": key}).scalar()


def write_value(conn: Connection, key: str, value: str) -> None:
    conn.execute(_WRITE, {"key": key, "value": value})


def delete_value(conn: Connection, key: str) -> None:
    conn.execute(delete(meta).where(meta.c.key == key))
