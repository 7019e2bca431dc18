"""Where the text stands, and what within it is not text."""

from typing import Any

import pytest

from news.documents import Article, Selectors
from news.extract import Explanation

P = (
    "بدأت صباح اليوم أعمال ترميم السوق القديم في وسط المدينة، بعد سنوات من الوعود المتكررة.",
    "وتشمل الأعمال استبدال الأسقف الخشبية، وتجديد شبكة الكهرباء، وتوسيع الممرات أمام الزوار.",
    "ويقول تجار السوق إنهم يخشون توقف أرزاقهم، مطالبين بمحال بديلة طوال مدة الترميم.",
    "وتتوقع البلدية أن تنتهي المرحلة الأولى قبل شهر رمضان، وأن يعاد افتتاح السوق تدريجيا.",
)
TITLE = "ترميم السوق القديم ينطلق وسط مخاوف التجار على أرزاقهم"
HEAD = (
    f'<html lang="ar"><head><title>{TITLE}</title><meta property="og:type" content="article"></head>'
    f"<body><h1>{TITLE}</h1>"
)
LINKS = "".join(f'<li><a href="/n/{n}">عنوان طويل لخبر آخر من أخبار المدينة رقم {n}</a></li>' for n in range(8))


def paragraphs(read: Any, body: str) -> list[str]:
    article = read(body=(HEAD + body + f"<ul>{LINKS}</ul></body></html>").encode())
    assert isinstance(article, Article), article
    return article.text.split("\n")


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<p>{text}</p>" for text in P),
        "<div class='story'>" + "<br><br>".join(P) + "</div>",
        "<div>" + "".join(f"<div>{text}</div>" for text in P) + "</div>",
        "<div>" + "".join(f"<div><div><span>{text}</span></div></div>" for text in P) + "</div>",
        "<form action='?'><input type='hidden' value='x'><table><tr><td>"
        + "<br/>".join(P)
        + "</td></tr></table></form>",
        "<div><section>"
        + P[0]
        + "</section><section>"
        + "".join(f"<p>{text}</p>" for text in P[1:])
        + "</section></div>",
        "<article><div class='p1'><p>"
        + "</p><p>".join(P[:2])
        + ("</p></div><div class='ad'>إعلان</div><div class='p2'><p>")
        + "</p><p>".join(P[2:])
        + "</p></div></article>",
        "<div class='has-sidebar comments-open'><div class='most-read-layout'>"
        + "".join(f"<p>{text}</p>" for text in P)
        + "</div></div>",
        "<div>" + "".join(f"<p>{text[:30]}<a href='/tag/x'>{text[30:45]}</a>{text[45:]}</p>" for text in P) + "</div>",
        "<blockquote>" + "".join(f"<p>{text}</p>" for text in P) + "</blockquote>",
        "<p>" + "<p>".join(P),
    ],
    ids=["bare", "breaks", "divs", "nested", "form", "mixed", "cut", "misnamed", "linked", "quoted", "unclosed"],
)
def test_the_text_is_found_whatever_holds_it(read: Any, body: str) -> None:
    assert paragraphs(read, body) == list(P)


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>تم نسخ الرابط</p>",
        "<p>مشاركة</p>",
        "<figure><img><figcaption>تجار في السوق القديم قبل بدء أعمال الترميم (رويترز)</figcaption></figure>",
        "<p>تابعوا أخبار المدينة من المثال عبر غوغل نيوز</p>",
        "<p>لمتابعة آخر الأخبار اشترك في قناتنا على تليجرام</p>",
        "<p>الآراء الواردة في هذا المقال لا تعبر بالضرورة عن رأي الصحيفة.</p>",
        (
            "<p>ترحب شبكة المثال بالنقاش الحيوي والمفيد، ونرجو مراجعة <a href='/terms.html'>شروط الاستخدام</a>"
            " قبل التعليق.</p>"
        ),
        "<p>الكلمات المفتاحية: <a href='/t/1'>السوق القديم</a>، <a href='/t/2'>ترميم</a></p>",
        "<p>المصدر: وكالات</p>",
        "<p>إعلان</p>",
        "<p>234 مشاهدة</p>",
        "<p><a href='/n/77'>رابط وحده لا نص حوله عن موضوع آخر</a></p>",
        "<div style='display:none'>نص مخفي لا يراه القارئ في الصفحة أبدا، كتبه برنامج النشر.</div>",
        "<p>جميع الحقوق محفوظة لصحيفة المثال</p>",
        "<p>* * *</p>",
    ],
)
def test_what_is_not_text_leaves_it(read: Any, furniture: str) -> None:
    body = f"<div><p>{P[0]}</p><p>{P[1]}</p>{furniture}<p>{P[2]}</p><p>{P[3]}</p></div>"
    assert paragraphs(read, body) == list(P)
    assert paragraphs(read, "<div>" + "".join(f"<p>{text}</p>" for text in P) + furniture + "</div>") == list(P)


def test_subheads_and_lists_stay(read: Any) -> None:
    body = (
        f"<div><p>{P[0]}</p><h3>مخاوف التجار</h3><p>{P[1]}</p><ul><li>محال بديلة</li><li>تعويضات "
        f"شهرية</li></ul><p>{P[2]}</p></div>"
    )
    assert paragraphs(read, body) == [P[0], "مخاوف التجار", P[1], "محال بديلة", "تعويضات شهرية", P[2]]


def test_headline_category_and_date_before_the_first_paragraph_are_left_out(read: Any) -> None:
    head = f"<div>محليات</div><div>الأحد 22 نوفمبر 2026</div><p>{TITLE}</p>"
    assert paragraphs(read, f"<div>{head}" + "".join(f"<p>{text}</p>" for text in P) + "</div>") == list(P)


def test_invisible_marks_leave_title_and_text(read: Any) -> None:
    article = read(
        title="\u200fخطة جديدة\u200b للنقل في المدينة القديمة\u202c", paragraphs=["\u202b" + text for text in P]
    )
    assert article.title == "خطة جديدة للنقل في المدينة القديمة"
    assert article.text == "\n".join(P)


def test_a_source_s_own_selectors_come_first_and_outdated_ones_do_not_matter(read: Any) -> None:
    parts = (
        f"<div class='a'><p>{P[0]}</p><p>{P[1]}</p><p>{P[2]}</p></div>"
        f"<div class='b'><p>{P[3]}</p><p class='x'>{P[0]}</p><p>{P[1]}</p></div>"
    )
    body = (HEAD + parts).encode()
    assert (
        read(body=body, articles=("^/politics/",), selectors=Selectors(body=".b", remove=(".x",))).text
        == f"{P[3]}\n{P[1]}"
    )
    assert read(body=body, selectors=Selectors(body=".gone")).text.startswith(P[0])


def test_an_explanation_names_candidates_and_what_was_left_out(read: Any) -> None:
    explain = Explanation()
    read(inside="<p>تم نسخ الرابط</p>", explain=explain)
    told = explain.as_dict()
    assert told["left out"] == [{"line": "تم نسخ الرابط", "reason": "label"}]
    assert told["body"][0]["score"] > 0
    assert told["title"][0]["origin"] == "page"
