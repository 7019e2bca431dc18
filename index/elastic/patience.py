"""What troubles us about the server, how long it is left alone, and who was told."""

import logging
import time
from collections.abc import Callable
from typing import Final

from elasticsearch import ApiError, AuthenticationException, TransportError

from index.elastic import standing, verdicts
from index.elastic.names import Names
from index.elastic.verdicts import Trouble, Verdict
from index.store import Store

log = logging.getLogger(__name__)

STRANGE: Final = 5  # times that a server which is starting may not know our key; some two minutes


class Patience:
    """`trouble` says why nothing is sent at present, and is None while all is well."""

    def __init__(self, store: Store, names: Names, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.trouble: Trouble | None = None
        self._store = store
        self._names = names
        self._url = url
        self._monotonic = monotonic
        self._failures = 0
        self._strange = 0
        self._resume_at = 0.0
        self._told: str | None = ""  # what the store says of it: that of an earlier process, which we do not know

    def pausing(self) -> bool:
        return self._monotonic() < self._resume_at

    def end(self) -> None:
        """Whatever pause there was is over."""
        self._resume_at = 0.0

    def mended_elsewhere(self) -> bool:
        """Another process, a person's `marsad sync`, went well: what we wait for is over. Told once."""
        if not self.pausing() or self._told is None:
            return False
        with self._store.read() as conn:
            mended = standing.load_trouble(conn, self._names) is None
        if mended:
            self._told = None
        return mended

    def failed(self, error: ApiError | TransportError) -> None:
        """Of a request that is not about documents."""
        verdict = verdicts.of_error(error)
        if verdict in (Verdict.SPLIT, Verdict.REJECT, Verdict.DONE):
            verdict = Verdict.STOP
        if isinstance(error, AuthenticationException) and self._is_coming_back():
            verdict = Verdict.RETRY
        self.ill(verdicts.trouble(verdict, verdicts.error_reason(error), self._url))

    def ill(self, trouble: Trouble) -> None:
        """Told once, however long it lasts; what a person has to see to again when it is about something else."""
        self._failures += 1
        self._resume_at = self._monotonic() + verdicts.pause(trouble.verdict, self._failures)
        same = self.trouble is not None and self.trouble.verdict is trouble.verdict
        if not same or (trouble.verdict is Verdict.STOP and self.trouble != trouble):
            log.log(logging.WARNING if trouble.verdict is Verdict.RETRY else logging.ERROR, "%s", trouble)
        self._tell(trouble)

    def refused(self, verdict: Verdict, reason: str) -> None:
        self.ill(verdicts.trouble(verdict, reason, self._url))

    def well(self) -> None:
        self._failures = self._strange = 0
        if self.trouble is not None:
            log.info("Elasticsearch takes documents again")
        self._tell(None)

    def _is_coming_back(self) -> bool:
        """A server that has just opened its door knows nobody: who was away may refuse our key a few times."""
        self._strange += 1
        was_away = self.trouble is not None and self.trouble.verdict in (Verdict.AWAY, Verdict.RETRY)
        return was_away and self._strange <= STRANGE

    def _tell(self, trouble: Trouble | None) -> None:
        sentence = trouble.sentence if trouble else None
        if sentence != self._told:
            self._told = sentence
            self._store.writer.submit(lambda conn: standing.save_trouble(conn, self._names, sentence)).result()
        self.trouble = trouble
