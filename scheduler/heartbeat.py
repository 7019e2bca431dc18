"""The sign of life of a running service: a small file that is replaced every few seconds."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

FILE: Final = "heartbeat.json"
FRESH: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the last heartbeat said; `alive` means that it is younger than a minute and not a farewell."""

    alive: bool
    at: str | None
    state: str
    details: Mapping[str, Any]


def write(folder: Path, now: datetime, state: str, details: Mapping[str, Any]) -> None:
    beat = {"at": now.isoformat(timespec="seconds"), "pid": os.getpid(), "state": state, **details}
    temporary = folder / f".{FILE}.tmp"
    temporary.write_text(json.dumps(beat, ensure_ascii=False), encoding="utf-8")
    temporary.replace(folder / FILE)


def read(folder: Path, now: datetime) -> Pulse:
    """A file that is missing or half-written is no sign of life, and no error."""
    try:
        beat = json.loads((folder / FILE).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(beat["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return Pulse(False, None, "stopped", {})
    # One of the future was written before the clock was set back, and says as little as an old one.
    alive = beat["state"] != "stopped" and abs(now - at) < FRESH
    return Pulse(alive, beat["at"], beat["state"] if alive else "stopped", beat)
