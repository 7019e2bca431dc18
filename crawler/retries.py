"""A second chance, at the site's pace, for a request that was never answered.

Servers drop kept-alive connections without a word; a request that meets such a moment says nothing about the page.
"""

from scrapy import Request

from crawler.failures import never_answered


class SecondChance:
    """The downloader middleware."""

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        attempt = request.meta.get("attempt")
        if attempt is None or attempt.retried or not never_answered(exception):
            return None
        attempt.retried = True
        return request.replace()
