"""The catalogue that ships: every file is whole, and every article form knows the addresses it was made from."""

import csv
import os
import re
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from index.catalogue import load, shipped
from news.documents import EndpointKind, Source
from news.urls import decoded_path, in_scope, matches_article

SOURCES: dict[str, Source] = load(shipped())
SHARED = Path(os.environ.get("MARSAD_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))

# Addresses in the forms that were seen in public sources; an invented slug stands where the source had left it out.
ARTICLES = {
    "aljazeera": ["/news/2026/8/14/قمة-عربية-طارئة", "/ebusiness/2026/12/1/أسعار-النفط"],
    "alarabiya": ["/arab-and-world/yemen/2023/01/12/خبر-من-عدن", "/ar/politics/2019/خبر-قديم.html"],
    "alhadath": ["/iraq/2026/10/05/خبر-من-بغداد"],
    "skynewsarabia": ["/middle-east/1896008", "/middle-east/1896008-خبر-عاجل"],
    "bbc-arabic": ["/arabic/articles/c62x34m1nkzo", "/arabic/middleeast-12345678"],
    "france24-ar": ["/ar/20180218-تونس-انتخابات", "/ar/الشرق-الأوسط/20260218-خبر"],
    "dw-ar": ["/ar/انتخابات-ألمانيا/a-68521509"],
    "rt-arabic": ["/world/1772835-خبر-من-موسكو", "/middle_east/1772835-خبر"],
    "sputnik-arabic": ["/20230611/خبر-من-طرابلس-1077.html"],
    "cnn-arabic": ["/business/2018/02/13/vue-cinema-saudi-arabia", "/world/article/2026/02/13/story"],
    "asharq": ["/politics/165186/خبر-سياسي", "/politics/165186/"],
    "aawsat": ["/العالم/أوروبا/5321484-قمة-في-بروكسل", "/home/article/1234/خبر"],
    "almayadeen": ["/news/politics/خبر-من-بيروت"],
    "euronews-ar": ["/2021/12/22/libya-elections-tribes-role-in-political-scene-is-colossal-says-analyst"],
    "un-news-ar": ["/ar/story/2020/04/1052982"],
    "anadolu-ar": ["/ar/الدول-العربية/خبر-من-غزة"],
    "youm7": ["/story/2020/8/24/خبر-من-القاهرة/4943459", "/4943459"],
    "almasryalyoum": ["/news/details/3456789"],
    "elwatan": ["/news/details/8259310"],
    "elbalad": ["/6123456"],
    "shorouk": ["/news/view.aspx?cdate=05102026&id=0f1b", "/news/view.aspx?id=0f1b&cdate=05102026"],
    "ahram-gate": ["/News/2550584.aspx"],
    "masrawy": ["/news/news_egypt/details/2019/2/15/1514740/خبر"],
    "akhbarelyom": ["/news/NewDetails/4796207/1/خبر", "/news/newdetails/4796207/1/خبر"],
    "okaz": ["/news/local/2214358", "/local/na/2233592"],
    "alriyadh": ["/2207847"],
    "sabq": ["/saudia/dl5qk8spdg"],
    "alyaum": ["/articles/6291787/القارات-السبع/خبر"],
    "alwatan-sa": ["/article/1176847"],
    "spa": ["/N2691131", "/ar/N2691131"],
    "wam": ["/ar/article/hszrhd0u-خبر-من-أبوظبي", "/ar/details/1395302"],
    "aletihad": ["/news/الإمارات/4473782/خبر"],
    "albayan": ["/technology/tech-radar/1554552", "/across-the-uae/news-and-reports/2020-06-03-1.3874341"],
    "alkhaleej": ["/2026-05-13/الإمارات/أخبار-الدار/خبر", "/2026-05-13/خبر"],
    "emaratalyoum": ["/local-section/other/2019-10-03-1.1258016"],
    "kuna": ["/ArticleDetails.aspx?id=3012345&language=ar", "/articledetails.aspx?language=ar&id=3012345"],
    "qna": ["/ar-QA/News-Area/News/2026-10/05/خبر-من-الدوحة"],
    "alayam-bh": ["/online/international/406347/News.html"],
    "omandaily": ["/عمان-اليوم/na/خبر-من-مسقط"],
    "annahar": ["/lebanon/275122/خبر-من-بيروت", "/arab-world/syria/275122/خبر"],
    "alakhbar-lb": ["/news/lebanon/878075/خبر", "/Newspaper Articles/lebanon/878075/خبر"],
    "almodon": ["/politics/2026/02/04/خبر"],
    "nidaalwatan": ["/article/12345-خبر"],
    "nna": ["/ar/news/123456", "/ar/news/short/123456", "/ar/politics/123456"],
    "mtv-lb": ["/News/محليات/1234567/خبر"],
    "roya": ["/news/396395"],
    "almamlaka": ["/news/150123-خبر-من-عمان"],
    "ammon": ["/article/1027597"],
    "shafaq": ["/ar/مجتـمع/خبر-من-بغداد"],
    "wafa": ["/Pages/Details/62446", "/pages/details/62446"],
    "maan": ["/news/2134827.html"],
    "alquds": ["/ar/posts/238114"],
    "hespress": ["/خبر-من-الرباط-1767388.html"],
    "alwasat-ly": ["/news/international/357686"],
    "suna": ["/read?id=123456"],
    "ami-mr": ["/fr/archives/299969", "/ar/archives/299969"],
}

LISTINGS = {
    "aljazeera": ["/news/", "/politics"],
    "alhadath": ["/videos/iraq/2026/10/05/خبر-مصور"],
    "bbc-arabic": ["/arabic/topics/c340qm6gn0vt", "/arabic/middleeast"],
    "dw-ar": ["/ar/أخبار/s-9106"],
    "anadolu-ar": ["/ar/rss/default?cat=guncel"],
    "sabq": ["/saudia/economy", "/saudia"],
    "asharq": ["/politics"],
    "shafaq": ["/ar/كل-الاخبار"],
    "nna": ["/ar/sitemap/news.xml"],
    "hespress": ["/politique", "/sitemap-news.xml"],
    "emaratalyoum": ["/politics"],
    "okaz": ["/news/local"],
}


def address(source: Source, path: str) -> str:
    scheme, _, rest = source.homepage.partition("://")
    return f"{scheme}://{rest.split('/')[0]}{path}"


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(id_, path) for id_, paths in table.items() for path in paths]


def test_every_outlet_has_what_people_and_dates_need() -> None:
    for source in SOURCES.values():
        assert source.country and source.language == "ar", source.id
        assert ZoneInfo(source.timezone).key != "UTC", source.id
        assert source.endpoints, source.id
        assert in_scope(source, source.homepage), source.id


def test_every_endpoint_says_where_it_is_known_from_and_how_surely() -> None:
    for source in SOURCES.values():
        for endpoint in source.endpoints:
            assert endpoint.evidence and endpoint.confidence, endpoint.url
            assert endpoint.checked_at == ""
            assert endpoint.url.isascii(), endpoint.url


def test_unproven_endpoints_ship_switched_off() -> None:
    for source in SOURCES.values():
        for endpoint in source.endpoints:
            assert not (endpoint.enabled and endpoint.confidence == "low"), endpoint.url


def test_endpoints_known_to_mislead_are_off_or_absent() -> None:
    enabled = {endpoint.url for source in SOURCES.values() for endpoint in source.endpoints if endpoint.enabled}
    assert "https://www.almasryalyoum.com/rss/rssfeed" not in enabled
    assert "https://shafaq.com/ar/rss" not in enabled
    assert len([url for url in enabled if url.startswith("https://rss.dw.com/")]) == 1
    kinds = {endpoint.kind for endpoint in SOURCES["nna"].endpoints if endpoint.enabled}
    assert kinds == {EndpointKind.SITEMAP}


def test_no_address_belongs_to_two_outlets() -> None:
    homes = [source.homepage for source in SOURCES.values()]
    assert all(sum(in_scope(source, home) for source in SOURCES.values()) == 1 for home in homes)


def test_the_users_of_the_files_find_no_sheer_copies() -> None:
    names = [source.name for source in SOURCES.values()]
    urls = [endpoint.url for source in SOURCES.values() for endpoint in source.endpoints]
    assert len(urls) == len(set(urls))
    assert {name for name in names if names.count(name) > 1} == set()


def test_every_outlet_with_article_forms_has_an_example_of_each() -> None:
    assert {source.id for source in SOURCES.values() if source.articles} == set(ARTICLES)
    for id_, paths in ARTICLES.items():
        found = [decoded_path(address(SOURCES[id_], path)) for path in paths]
        for form in SOURCES[id_].articles:
            assert any(re.search(form, path) for path in found), (id_, form)


@pytest.mark.parametrize(("id_", "path"), pairs(ARTICLES))
def test_an_article_is_known_by_its_address_escaped_or_not(id_: str, path: str) -> None:
    source = SOURCES[id_]
    escaped = quote(path, safe="/?&=-._")
    assert matches_article(source, address(source, path))
    assert matches_article(source, address(source, escaped))
    assert matches_article(source, address(source, re.sub("%..", lambda match: match[0].lower(), escaped)))
    assert matches_article(source, address(source, escaped + ("&" if "?" in path else "?") + "utm_source=rss"))


@pytest.mark.parametrize(("id_", "path"), pairs(LISTINGS))
def test_a_listing_is_no_article(id_: str, path: str) -> None:
    assert matches_article(SOURCES[id_], address(SOURCES[id_], path)) is False


@pytest.mark.parametrize("id_", sorted(id_ for id_, source in SOURCES.items() if source.articles))
def test_no_homepage_and_no_endpoint_passes_for_an_article(id_: str) -> None:
    source = SOURCES[id_]
    assert not matches_article(source, source.homepage)
    assert not [endpoint.url for endpoint in source.endpoints if matches_article(source, endpoint.url)]


def test_articles_on_an_outlets_older_hosts_are_still_its_own() -> None:
    assert in_scope(SOURCES["sputnik-arabic"], "https://sputnikarabic.ae/20230611/1077.html")
    assert in_scope(SOURCES["aljazeera"], "https://www.ajnet.me/news/2026/8/14/1")
    assert not in_scope(SOURCES["bbc-arabic"], "https://feeds.bbci.co.uk/arabic/rss.xml")


@pytest.mark.skipif(not (SHARED / "design/outlets.tsv").exists(), reason="no ../shared/design beside the checkout")
def test_every_outlet_and_endpoint_of_the_survey_ships() -> None:
    with (SHARED / "design/outlets.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    survey = {(row["id"], row["kind"], row["url"], row["confidence"]) for row in rows}
    catalogue = {
        (source.id, endpoint.kind.value, endpoint.url, endpoint.confidence)
        for source in SOURCES.values()
        for endpoint in source.endpoints
    }
    assert survey <= catalogue
    assert (len(SOURCES), len(survey)) == (119, 182)
