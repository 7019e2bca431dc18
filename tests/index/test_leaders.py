"""The indices keep every copy under its leader's title: when that changes they must hear of it."""

from datetime import timedelta

from index.documents.importing import import_article
from index.documents.sequence import last_seq
from index.documents.stored import documents_after
from news.documents import FoundKind, FoundVia
from tests.index.press import SITE, TEXT, Press, read_article
from tests.index.test_recording import copy_in

FOUND_VIA = FoundVia(kind=FoundKind.FEED, url=None)
EDITED = TEXT + "\nوأعلنت الوزارة لاحقا تأجيل الافتتاح إلى الشهر المقبل بسبب الأمطار التي أغرقت المحطة الأخيرة."


def edit(press: Press, url: str, title: str, source: str = "akhbar") -> set[str]:
    """Another title and another paragraph an hour later; the documents that the indices hear of."""
    press.now += timedelta(hours=1)
    before = press.see(last_seq)
    read = read_article(url, EDITED, press.now, title=title, source=source)
    press.do(lambda conn: import_article(conn, read, FOUND_VIA, press.now))
    return {document.id for document in press.see(lambda conn: documents_after(conn, before, 100))}


def test_copies_are_sent_again_when_the_title_they_stand_under_changes(press: Press) -> None:
    first = press.publish("/news/1").document_id
    press.later(minutes=1)
    copies = {copy_in(press, name, TEXT).document_id for name in ("org", "net")}
    assert edit(press, f"{SITE}/news/1", "تأجيل افتتاح خط الحافلات") == {first, *copies}


def test_under_the_same_title_only_the_edited_one_is_sent_again(press: Press) -> None:
    first = press.publish("/news/1").document_id
    press.later(minutes=1)
    copy_in(press, "org", TEXT)
    assert edit(press, f"{SITE}/news/1", "افتتاح خط جديد للحافلات السريعة") == {first}
