"""One article page to put things into, and its reading."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from news.documents import Article, NotDocument, Page, Source
from news.extract import extract

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://www.example-paper.com/politics/1000-council"
TITLE = "المجلس البلدي يقر خطة النقل الجديدة بعد نقاش طويل"
PARAGRAPHS = (
    (
        "أقر المجلس البلدي في جلسته مساء الاثنين خطة النقل الجديدة التي تشمل تشغيل ثلاثين حافلة كهربائية "
        "وتوسيع مسارات الدراجات."
    ),
    "وقال رئيس المجلس إن الخطة ستنفذ على مرحلتين، تبدأ الأولى مطلع العام المقبل، وتكتمل الثانية خلال عامين.",
    "واعترض أعضاء على كلفة المشروع، معتبرين أن صيانة الطرق القائمة أولى من شراء حافلات جديدة في هذه الظروف.",
)

Read = Callable[..., Article | NotDocument]


def html(
    *,
    head: str = "",
    before: str = "",
    above: str = "",
    paragraphs: Sequence[str] = PARAGRAPHS,
    inside: str = "",
    after: str = "",
    title: str = TITLE,
) -> str:
    """`above`: between headline and text; `inside`: after the first paragraph; `after`: below the text."""
    first, *rest = [f"<p>{text}</p>" for text in paragraphs]
    return (
        f'<html lang="ar"><head><title>{title} | صحيفة المثال</title>'
        f'<meta property="og:type" content="article">{head}</head>'
        f'<body><nav><a href="/">الرئيسية</a></nav>{before}<article><h1>{title}</h1>{above}'
        f'<div class="x">{first}{inside}{"".join(rest)}</div></article>{after}</body></html>'
    )


@pytest.fixture
def read() -> Read:
    """Read the page above with parts put in; `url`, `headers`, `status` and fields of the source by name."""

    def reading(
        *, url: str = URL, headers: dict[str, str] | None = None, body: bytes | None = None, **given: Any
    ) -> Article | NotDocument:
        names = {"timezone", "country", "name", "language", "articles", "selectors", "homepage"}
        fields: dict[str, Any] = {
            "name": "صحيفة المثال",
            "homepage": "https://www.example-paper.com/",
            "timezone": "Asia/Riyadh",
        }
        fields |= {key: value for key, value in given.items() if key in names}
        listed = {key: value for key, value in given.items() if key.startswith("listed_") or key == "explain"}
        parts = {key: value for key, value in given.items() if key not in names | set(listed) | {"status"}}
        page = Page(
            requested_url=url,
            url=url,
            status=given.get("status", 200),
            headers={"content-type": "text/html; charset=utf-8", **(headers or {})},
            body=html(**parts).encode() if body is None else body,
            fetched_at=NOW,
        )
        return extract(page, Source(id="example", **fields), NOW, **listed)

    return reading
