"""An extraction process whose reader does what the page says: as bad as any parser may be."""

import os
import sys
import time
from typing import Any

from crawler import worker
from news.documents import NotDocument, Outcome, Page


def misbehave(page: Page, *rest: Any) -> NotDocument:
    match page.body:
        case b"hang":
            while True:
                pass
        case b"crash":
            os.abort()
        case b"eat":
            hoard = [bytearray(2**26) for _ in range(64)]
            return NotDocument(outcome=Outcome.NOT_ARTICLE, reason=str(len(hoard)))
        case b"raise":
            raise KeyError("no such field")
        case b"nap":
            time.sleep(0.005)
    return NotDocument(outcome=Outcome.NOT_ARTICLE, reason=page.body.decode())


if __name__ == "__main__":
    vars(worker)["read"] = misbehave
    worker.main(int(sys.argv[1]))
