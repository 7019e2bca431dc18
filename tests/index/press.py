"""Short ways to put things into a real store: one source, one clock, the steps of the scheduler and the crawler."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, select, update

from index import frontier
from index.database import endpoints, urls
from index.documents.recording import Recorded, record_article
from index.frontier.visits import Failure, FailureClass, Fetched, Visit, VisitKind
from index.store import Store
from news.copies.fingerprints import fingerprint
from news.documents import (
    Article,
    Endpoint,
    EndpointKind,
    Link,
    Listing,
    Outcome,
    ParsedDate,
    Precision,
    ReadArticle,
    Related,
    Source,
)
from scheduler.policy import AdaptivePolicy

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SITE = "https://www.example.com"
FEED = f"{SITE}/rss.xml"
MAX_AGE = timedelta(days=30)

TEXT = (
    "أعلنت وزارة النقل والخدمات اللوجستية افتتاح خط جديد للحافلات السريعة يربط بين الميناء القديم والمدينة الجامعية.\n"
    "وقال المتحدث باسم الوزارة إن الخط يضم اثنتي عشرة محطة وتبلغ طاقته أربعة آلاف راكب في الساعة الواحدة.\n"
    "وأضاف أن التشغيل التجريبي يستمر شهرين قبل أن تبدأ الرحلات المنتظمة مطلع العام المقبل بأسعار مخفضة للطلاب.\n"
    "ويأتي المشروع ضمن خطة أوسع لتخفيف الازدحام في وسط المدينة وخفض انبعاثات عوادم السيارات بنحو الثلث."
)
OTHER_TEXT = (
    "فاز المنتخب المحلي لكرة اليد على ضيفه بفارق ثلاثة أهداف في مباراة حماسية أقيمت مساء أمس على الصالة المغطاة.\n"
    "وسجل الجناح الأيسر تسعة أهداف كاملة فيما تألق الحارس الشاب في صد خمس رميات جزاء خلال الشوط الثاني.\n"
    "وعلق المدرب بأن الفريق استحق التأهل إلى نصف النهائي رغم غياب قائده المصاب منذ أسبوعين عن التدريبات."
)


class Press:
    """One store, one clock, and the steps that the scheduler and the crawler take."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.policy = AdaptivePolicy()
        self.source = outlet("akhbar", SITE)

    def do(self, operation: Callable[[Connection], T]) -> T:
        return self.store.writer.submit(operation).result(timeout=30)

    def see(self, look: Callable[[Connection], T]) -> T:
        with self.store.read() as conn:
            return look(conn)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def watch(self, *sources: Source) -> None:
        watched = sources or (self.source,)
        self.do(lambda conn: frontier.sync_sources(conn, watched, self.now, default_delay=0.0))

    def tick(self, **how: Any) -> int:
        return self.do(lambda conn: frontier.mark_due(conn, self.now, **how))

    def claim(self, limit: int = 100, run: str = "run-1", **how: Any) -> list[Visit]:
        how = {"busy_sites": (), **how}
        return self.do(lambda conn: frontier.claim(conn, run=run, now=self.now, limit=limit, **how))

    def claim_past_robots(self, **how: Any) -> list[Visit]:
        """Visits after every robots.txt that was asked for said that there is none."""
        while True:
            visits = self.claim(**how)
            asked = [visit for visit in visits if visit.kind is VisitKind.ROBOTS]
            if not asked:
                return visits
            self.give_back(*(visit for visit in visits if visit not in asked))
            for visit in asked:
                self.robots(visit, 404, None)

    def give_back(self, *visits: Visit) -> None:
        self.do(lambda conn: frontier.give_back(conn, visits, self.now))

    def robots(self, visit: Visit, status: int | None, body: str | None) -> None:
        self.do(lambda conn: frontier.record_robots(conn, visit, status, body, self.now))

    def fetched(self, status: int = 200, **known: Any) -> Fetched:
        known = {"etag": None, "last_modified": None, "body_hash": "hash", **known}
        return Fetched(status=status, at=self.now, **known)

    def poll_all(self) -> None:
        """Have all endpoints visited, due or not."""
        mine = endpoints.c.enabled & endpoints.c.parent.is_(None) & endpoints.c.leased_by.is_(None)
        self.do(lambda conn: conn.execute(update(endpoints).where(mine).values(visit_at=self.now)))

    def poll(self) -> Visit:
        """The visit of the source's only endpoint, due or not."""
        self.poll_all()
        (visit,) = self.claim_past_robots()
        assert visit.kind is VisitKind.ENDPOINT
        return visit

    def list_links(self, *links: Link, visit: Visit | None = None, **known: Any) -> frontier.ListingRecorded:
        polled = visit or self.poll()
        listing = Listing(links=links, **known)
        return self.do(
            lambda conn: frontier.record_listing(
                conn, polled, listing, self.fetched(), self.source, self.policy, self.now, MAX_AGE
            )
        )

    def list_paths(self, *paths: str) -> frontier.ListingRecorded:
        return self.list_links(*(Link(url=SITE + path, title="عنوان") for path in paths))

    def store_article(self, visit: Visit, read: ReadArticle, max_age: timedelta | None = MAX_AGE) -> Recorded:
        return self.do(
            lambda conn: record_article(conn, visit, read, self.fetched(), self.source, self.policy, self.now, max_age)
        )

    def fail(self, visit: Visit, kind: FailureClass = FailureClass.SERVER, **known: Any) -> None:
        told = Failure(kind=kind, outcome=Outcome.TIMEOUT, reason="no answer", at=self.now, **known)
        self.do(lambda conn: frontier.record_failure(conn, visit, told, self.policy, self.now))

    def unchanged(self, visit: Visit, status: int = 304, **known: Any) -> None:
        told = self.fetched(status, **known)
        self.do(lambda conn: frontier.record_unchanged(conn, visit, told, self.policy, self.now))

    def redirect(self, visit: Visit, target: str) -> None:
        self.do(lambda conn: frontier.record_redirect(conn, visit, target, None, self.source, self.policy, self.now))

    def publish(self, path: str, text: str = TEXT, **known: Any) -> Recorded:
        """List an address, fetch it and store what it says."""
        self.list_paths(path)
        (visit,) = self.claim_past_robots(limit=1)
        return self.store_article(visit, self.article(path, text, **known))

    def article(self, path: str, text: str = TEXT, **known: Any) -> ReadArticle:
        return read_article(SITE + path, text, self.now, **known)

    def listed(self) -> set[str]:
        return self.see(lambda conn: set(conn.execute(select(urls.c.url)).scalars()))

    def outcome_of(self, path: str, site: str = SITE) -> str | None:
        query = select(urls.c.outcome).where(urls.c.url == site + path)
        outcome: str | None = self.see(lambda conn: conn.execute(query).scalar_one())
        return outcome

    def endpoint(self, url: str = FEED) -> Any:
        """Its row as it stands now."""
        return self.see(lambda conn: conn.execute(select(endpoints).where(endpoints.c.url == url)).one())


def outlet(id_: str, site: str, **known: Any) -> Source:
    feed = Endpoint(kind=EndpointKind.FEED, url=f"{site}/rss.xml")
    known = {"endpoints": (feed,), **known}
    return Source(id=id_, name=id_, homepage=f"{site}/", **known)


def read_article(url: str, text: str, now: datetime, **known: Any) -> ReadArticle:
    known = {"title": "افتتاح خط جديد للحافلات السريعة", "source": "akhbar", "requested_url": url, **known}
    article = Article(url=url, text=text, fetched_at=now, **known)
    return ReadArticle(article=article, fingerprint=fingerprint(article.title, article.text))


def date(moment: datetime) -> ParsedDate:
    return ParsedDate(value=moment, precision=Precision.SECOND, evidence=moment.isoformat())


def related(*paths: str) -> tuple[Related, ...]:
    return tuple(Related(url=SITE + path, title="اقرأ أيضا", position=at) for at, path in enumerate(paths))
