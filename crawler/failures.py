"""What an exception or a status means: the class of the failure, which decides about further tries, and the outcome
that the URL gets when all of them have failed."""

from datetime import datetime
from typing import Final

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Headers
from twisted.internet.error import ConnectError
from twisted.web._newclient import ResponseNeverReceived
from twisted.web.client import ResponseFailed

from crawler.addresses import RefusedAddress
from crawler.conditional import header, retry_after
from crawler.handler import HeadersTooLarge
from crawler.redirects import STATUSES as REDIRECTS
from crawler.redirects import EndlessRedirect
from crawler.unpacking import Undecodable
from index.frontier.visits import Failure, FailureClass
from news.documents import Outcome

STATUSES: Final = {
    401: (FailureClass.CLIENT, Outcome.FORBIDDEN),
    402: (FailureClass.CLIENT, Outcome.PAYWALLED),
    403: (FailureClass.CLIENT, Outcome.FORBIDDEN),
    404: (FailureClass.CLIENT, Outcome.NOT_FOUND),
    407: (FailureClass.SERVER, Outcome.HTTP_ERROR),
    408: (FailureClass.TIMEOUT, Outcome.TIMEOUT),
    410: (FailureClass.CLIENT, Outcome.GONE),
    425: (FailureClass.SERVER, Outcome.HTTP_ERROR),
    429: (FailureClass.THROTTLED, Outcome.HTTP_ERROR),
    451: (FailureClass.CLIENT, Outcome.FORBIDDEN),
}

EXCEPTIONS: Final[tuple[tuple[type[Exception], FailureClass, Outcome], ...]] = (
    (RefusedAddress, FailureClass.CLIENT, Outcome.REFUSED_ADDRESS),
    (EndlessRedirect, FailureClass.CLIENT, Outcome.REDIRECT_LOOP),
    (HeadersTooLarge, FailureClass.CLIENT, Outcome.TOO_LARGE),
    # Scrapy cancels a download for its size alone (our own cuts are `Abandoned`), and ignores only decompression bombs.
    (DownloadCancelledError, FailureClass.CLIENT, Outcome.TOO_LARGE),
    (IgnoreRequest, FailureClass.CLIENT, Outcome.TOO_LARGE),
    (CannotResolveHostError, FailureClass.NETWORK, Outcome.HTTP_ERROR),
    (DownloadConnectionRefusedError, FailureClass.NETWORK, Outcome.HTTP_ERROR),
    (ConnectError, FailureClass.NETWORK, Outcome.HTTP_ERROR),
    (DownloadTimeoutError, FailureClass.TIMEOUT, Outcome.TIMEOUT),
    (ResponseDataLossError, FailureClass.SERVER, Outcome.HTTP_ERROR),
    (DownloadFailedError, FailureClass.SERVER, Outcome.HTTP_ERROR),
    (Undecodable, FailureClass.UNREADABLE, Outcome.PARSE_ERROR),
    (ValueError, FailureClass.CLIENT, Outcome.HTTP_ERROR),  # an address or a header that cannot be written
)


def from_exception(error: BaseException, at: datetime) -> Failure | None:
    """None for what no site can cause: a mistake of ours."""
    cause = innermost(error)
    for candidate in (cause, error):
        for kind, failure, outcome in EXCEPTIONS:
            if isinstance(candidate, kind):
                return Failure(kind=failure, outcome=outcome, reason=words(cause), at=at)
    return None


def from_status(status: int, headers: Headers, at: datetime) -> Failure:
    wait = retry_after(headers, at)
    if status >= 500:
        kind, outcome = (FailureClass.THROTTLED if status == 503 and wait else FailureClass.SERVER), Outcome.HTTP_ERROR
    else:
        kind, outcome = STATUSES.get(status, (FailureClass.CLIENT, Outcome.HTTP_ERROR))
    if header(headers, "cf-mitigated") == "challenge":
        kind, outcome = FailureClass.CLIENT, Outcome.CHALLENGE
    reason = f"HTTP {status}" + (" without an address to go to" if status in REDIRECTS else "")
    return Failure(kind=kind, outcome=outcome, reason=reason, at=at, status=status, retry_after=wait)


def may_be_ours(failure: Failure) -> bool:
    """Whether the same would be seen if our own line were down: no connection, or no answer within the time."""
    return failure.status is None and failure.kind in (FailureClass.NETWORK, FailureClass.TIMEOUT)


def never_answered(error: BaseException) -> bool:
    """The connection ended before a byte of an answer, as kept-alive ones do that the server has given up."""
    return isinstance(error, DownloadFailedError) and isinstance(error.__cause__, ResponseNeverReceived)


def innermost(error: BaseException) -> BaseException:
    """Twisted wraps what went wrong with a connection in a list of reasons."""
    wrapped = error.__cause__ if isinstance(error, DownloadFailedError) else error
    if isinstance(wrapped, ResponseFailed) and wrapped.reasons:
        value: BaseException = wrapped.reasons[0].value
        return value
    return error


def words(error: BaseException) -> str:
    if isinstance(error, DownloadCancelledError | IgnoreRequest):
        return "the answer is larger than is taken"
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:300] if said else type(error).__name__
