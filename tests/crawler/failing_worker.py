"""An extraction process whose reader has mistakes: it reads listings, hangs at some articles, raises at all others."""

import sys
from typing import Any

from crawler import worker
from news.documents import EndpointKind, Listing, NotDocument, Page, ReadArticle
from news.reading import read


def read_listings_only(page: Page, listing: EndpointKind | None, *rest: Any) -> Listing | ReadArticle | NotDocument:
    if listing is None:
        while page.body == b"hang":
            pass
        raise KeyError("no such field")
    return read(page, listing, *rest)


if __name__ == "__main__":
    vars(worker)["read"] = read_listings_only
    worker.main(int(sys.argv[1]))
