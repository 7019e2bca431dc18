"""Several outlets behind one server, as a context manager."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.site import behaviours
from tests.site.exchange import Answer, Behaviour
from tests.site.log import Seen
from tests.site.outlet import EVERYWHERE, Outlet
from tests.site.server import Server

NAMES = (
    ("hudhud", "جريدة الهدهد"),
    ("sununu", "شبكة السنونو"),
    ("khuzama", "موقع الخزامى"),
    ("ghadir", "صحيفة ضفاف الغدير"),
    ("qawafil", "وكالة القوافل"),
    ("sindiyan", "مجلة السنديان"),
    ("yamam", "منصة اليمام"),
    ("arjuwan", "أرجوان نيوز"),
)
QATAR = timezone(timedelta(hours=3))


class World:
    """Outlets on 127.0.1.1, 127.0.1.2, …, all on one port. `now` is the time of their newest articles."""

    def __init__(self, now: datetime | None = None, port: int = 0) -> None:
        self.now = (now or datetime.now(QATAR)).astimezone(QATAR).replace(microsecond=0)
        self.outlets: dict[str, Outlet] = {}
        self._wanted_port = port
        self._server = Server(self._route)

    def __enter__(self) -> Self:
        self._server.start(self._wanted_port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    @property
    def port(self) -> int:
        return self._server.port

    def outlet(
        self, id: str | None = None, *, articles: int = 0, background: int = 0, endpoints: Sequence[str] = EVERYWHERE
    ) -> Outlet:
        """Open one more outlet on an address of its own, with so many articles of its own."""
        number = len(self.outlets)
        address = f"127.0.1.{number + 1}"
        known_id, name = NAMES[number % len(NAMES)]
        self._server.listen(address)
        outlet = Outlet(
            id=id or (known_id if number < len(NAMES) else f"{known_id}-{number // len(NAMES) + 1}"),
            name=name,
            origin=f"http://{address}:{self.port}",
            now=self.now,
            endpoints=endpoints,
        )
        self.outlets[address] = outlet
        if articles:
            outlet.fill(articles, background=background)
        return outlet

    def requests(
        self, *, site: str | None = None, path: str | None = None, status: int | None = None, since: int = 0
    ) -> list[Seen]:
        """What was asked, in order; `since` is a former `len(world.requests())`."""
        return self._server.log.select(site=site, path=path, status=status, since=since)

    def stand_still(self, seconds: float) -> None:
        """All outlets at once."""
        self._server.stand_still(seconds)

    def write_sources(self, folder: Path) -> Path:
        """One source file for each outlet; the folder, for the settings."""
        folder.mkdir(parents=True, exist_ok=True)
        for outlet in self.outlets.values():
            (folder / f"{outlet.id}.toml").write_text(outlet.toml(), encoding="utf-8")
        return folder

    def _route(self, site: str, path: str) -> tuple[Behaviour, Callable[[], Answer]]:
        outlet = self.outlets.get(site)
        if outlet is None:
            return behaviours.failing(404), Answer
        return outlet.default(path), lambda: outlet.answer(path)
