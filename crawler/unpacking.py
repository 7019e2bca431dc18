"""Unpacks what servers pack. Each library has an error of its own; here they are one."""

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class Undecodable(Exception):
    """The body is not packed as its header says, or was torn."""


class Unpacking(HttpCompressionMiddleware):
    """The downloader middleware."""

    # The spider that the signature of the class still has is no longer passed.
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            return super().process_response(request, response)
        except IgnoreRequest:  # a bomb
            raise
        except Exception as error:
            raise Undecodable(f"{type(error).__name__}: {error}") from error
