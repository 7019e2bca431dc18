import gzip
import json
import os
from pathlib import Path

import pytest

from news import wordlists
from news.analysis import FIELDS, Terms, analyse, analyse_all, rules
from news.analysis.charfilter import mapping

# Made for this test from the language, group by group; in each line everything meets everything (~ is a space).
MEET = """
وزير الوزير والوزير للوزير وزيرا بوزير وزيره وزيرها وزيرهم الوزراء وزراء ووزراؤهم لوزرائه وبالوزير فالوزير
رئيس الرئيس للرئيس رئيسا ورئيس رؤساء الرؤساء لرؤساء رئيسها ورئيسه رؤسائهم
مسؤول مسئول المسؤول المسئول مسؤولون المسؤولين لمسؤول مسؤولا للمسئولين
ألمانيا المانيا بألمانيا وألمانيا لألمانيا ألماني الألماني ألمانية الألمانية والألمان ألمان
إلكتروني الإلكتروني الكترونى إلكترونية الإلكترونية بالإلكتروني
مصر لمصر بمصر ومصر مصري المصري المصرية المصريين المصريون والمصريين مصريا
فلسطين بفلسطين الفلسطينيين فلسطيني الفلسطينية لفلسطين والفلسطينيون
لبنان لبناني اللبنانية اللبنانيين بلبنان ولبنان
سوريا السورية السوري السوريين بسوريا سورى
فرنسا الفرنسي الفرنسية فرنسيون لفرنسا بفرنسا
روسيا الروسي روسية الروس وروسيا لروسيا
تركيا التركي الأتراك التركية لتركيا
المغرب مغربي المغاربة المغربية بالمغرب
القدس مقدسي المقدسيين بالقدس
إيران ايران الإيراني الإيرانية لإيران
وزارة الوزارة وزارته لوزارتها بوزارة وزارات الوزارات وبالوزارة
ولاية الولاية ولايات الولايات ولايته بولاية
وكالة الوكالة وكالات لوكالة ووكالة
كتاب الكتاب كتب الكتب كتابا كتابها بكتابها كتابين
كتلة الكتلة كتل كتلته
بيان البيان بيانات بيانا بيانها
برنامج البرنامج برامج البرامج برنامجها برنامجا
بلد البلد بلدان البلدان
بنك البنك بنوك البنوك وبنوك
فريق الفريق فرق الفرق فريقا فريقين
فيلم الفيلم أفلام الأفلام فيلمه
لجنة اللجنة لجان اللجان للجنة لجنته
لاجئ لاجئون اللاجئين لاجئا للاجئين
لاعب اللاعب لاعبين اللاعبون لاعبا ولاعب
كأس الكأس كؤوس بكأس
مدرسة المدرسة مدارس المدارس بالمدارس لمدرسته
شركة الشركة شركات شركته لشركة
حكومة الحكومة حكومات حكومتها حكومتهم للحكومة
منطقة مناطق المناطق بمنطقة منطقتين
صاروخ الصاروخ صواريخ الصواريخ بصواريخ
سلاح أسلحة الأسلحة أسلحتهم اسلحه
قانون القانون قوانين القوانين قانونا القانونية قانوني
مليون ملايين الملايين مليونا
عضو أعضاء الأعضاء أعضائه وأعضاء
حليف حلفاء الحلفاء حلفائها وحلفائه
زعيم زعماء الزعماء زعيما زعيمها
خبير خبراء الخبراء خبيرا
سفير سفراء السفراء سفيرها
طالب طلاب الطلاب
شهيد شهداء الشهداء
دولة دول الدول دولتين بالدول
مدينة مدن المدن مدينتهم بمدينة
سبب أسباب الأسباب لأسباب أسبابها
سعر أسعار الأسعار أسعارها
خطر أخطار مخاطر المخاطر
حرب حروب الحروب حربا
جندي جنود الجنود جنوده
صحيفة صحف الصحف لصحيفة
مشروع مشاريع مشروعات المشاريع
انتخاب انتخابات الانتخابات للانتخابات وانتخابات
متظاهر متظاهرين المتظاهرون
هجوم هجمات الهجوم الهجمات هجوما
قضية قضايا القضايا قضيته
نتيجة نتائج النتائج نتائجها
التزام الالتزام التزامات الالتزامات
لون ألوان الألوان
عبدالله عبد~الله لعبدالله
محمد محمّد مُحمد محمـد
على علي
القُدس القدس
كوريا کوریا الكورية كوري
شؤون شئون الشؤون لشؤون
مبدأ مبادئ المبادئ
مرأة المرأة امرأة نساء النساء
قناة القناة قنوات القنوات
مباراة المباراة مباريات المباريات
أعلن أعلنت يعلن تعلن سيعلن ستعلن أعلنوا يعلنون إعلان الإعلان
نفى نفت ينفي تنفي ينفون نفاه نفاها
اغتال اغتالت يغتال اغتيال الاغتيالات
وزراء وزرا الوزرا الوزير
صحراء صحرا الصحراء
إنشاء إنشاءات إنشائه إنشائية
قائد قايد القائد القايد
طائرة طايرة الطايرات
مؤسسة موسسة المؤسسات
مظاهرة مضاهرة المظاهرات المضاهرات
ضحايا ظحايا ضحية
سياستنا سياسة السياسة سياستي
ڤيروس فيروس
"""

# Words that share letters and nothing else: the first of each line against each of the others.
APART = """
لبنان لبن اللبن ألبان
سلمان سلم السلم سلام
وزير زير زار
وزارة زار زيارة
وكالة كال كلية
ولاية لا والي
وحدة حدة
وثيقة ثقة
وفد فد
كتاب تاب باب
كاتب تب
كلمة لمة
بيان يان بين
بنك نك
بلد لد ولد
بريطانيا ريطان
باريس ريس رئيس
بيروت روت
بغداد غداء
برلين لين
فلسطين لسان طين
فرنسا رنس
فريق ريق
فيلم يلم
لندن دن
ليبيا يبي
لجنة جنة
لاعب عاب
قطر قطار قطرة
مصر مصير
تونس تنس
عمان عم أعمام
ألمانيا مانيا ماني
السودان سود أسود
اليونان يون
إسرائيل سرايا
قرآن قرية قر
قانون قان
مهرجان مهرج
إعلان أعلى
برلمان برلم
حيوان حيوية
سلطان سلطة
الله له
الآن أن
فقد قد
رمضان رمض
حماس حماية
وفاة فات
كندا ند
تركيا ترك
بوتين بوت
كوبا كوب
البحرين بحر
الكويت كوت
"""

TESTED = Path(os.environ.get("MARSAD_SHARED", Path(__file__).parents[2].parent / "shared"))
CORPUS = TESTED / "eval" / "corpus" / "ant-2018-feb-jun.jsonl.gz"


def stem(text: str) -> str:
    return " ".join(token.term for token in analyse(text, "stem"))


@pytest.mark.parametrize("line", [line for line in MEET.split("\n") if line])
def test_forms_of_one_word_meet(line: str) -> None:
    words = line.split()
    assert {word: stem(word.replace("~", " ")) for word in words} == dict.fromkeys(words, stem(words[0]))


@pytest.mark.parametrize("line", [line for line in APART.split("\n") if line])
def test_words_that_only_look_alike_stay_apart(line: str) -> None:
    first, *others = line.split()
    assert stem(first) not in [stem(other) for other in others]


def test_there_are_pairs_enough_to_believe() -> None:
    assert sum(len(line.split()) - 1 for line in MEET.split("\n") if line) >= 250
    assert sum(len(line.split()) - 1 for line in APART.split("\n") if line) >= 55


def test_an_and_with_a_space_after_it_is_left_out() -> None:
    assert stem("مصر و السودان") == stem("مصر والسودان") == stem("مصر السودان")
    assert exact("(و العراق") == ["العراق"]
    assert exact("3 و 5") == ["3", "و", "5"]
    assert [(token.start, token.end) for token in analyse("قال و أضاف", "light")] == [(0, 3), (6, 10)]


def test_one_tooth_more_is_another_word_where_both_exist() -> None:
    for one, other in (("حظر", "حضر"), ("حظرا", "حضرا"), ("تضليل", "تظليل"), ("ضلال", "ظلال"), ("نظارة", "نضارة")):
        assert stem(one) != stem(other)


def exact(text: str) -> list[str]:
    return [token.term for token in analyse(text, "exact")]


def light(text: str) -> list[str]:
    return [token.term for token in analyse(text, "light")]


def test_exact_keeps_clitics_and_tells_the_preposition_from_the_name() -> None:
    assert exact("والوزير") != exact("وزير")
    assert exact("على") == exact("عَلَى") != exact("علي")
    assert exact("وعلى") != exact("وعلي")


@pytest.mark.parametrize(
    ("one", "other"),
    [("إعلان", "اعلان"), ("مسؤول", "مسئول"), ("ﻻ", "لا"), ("کتاب", "كتاب"), ("٢٠١٨", "2018"), ("BBC", "bbc")],
)
def test_spellings_are_one_even_in_exact(one: str, other: str) -> None:
    assert exact(one) == exact(other)


def test_light_takes_the_article_off_and_leaves_the_endings() -> None:
    assert light("الوزير وللوزير والوزير بالوزير") == ["وزير"] * 4
    assert light("الوزراء") == ["وزراء"]
    assert light("الإلكترونية") == light("إلكترونية")


def test_light_takes_clitics_off_that_are_not_the_words_own() -> None:
    assert light("منطقة لمنطقة وبمنطقة ومنطقة بالمنطقة") == ["منطقه"] * 5
    assert light("وزير بوابة لجنة فريق كتاب") == ["وزير", "بوابه", "لجنه", "فريق", "كتاب"]
    assert light("ووزير ببوابة وللجنة ففريق ككتاب") == ["وزير", "بوابه", "لجنه", "فريق", "كتاب"]


def test_spellings_of_a_name_are_one_behind_any_clitic() -> None:
    assert light("غواتيمالا بجواتيمالا وللغواتيمالا") == ["غواتيمالا"] * 3


def test_names_lose_their_clitics_in_light_already() -> None:
    assert light("لمصر وبمصر") == ["مصر", "مصر"]
    assert light("بألمانيا") == light("ألمانيا") == ["ءلمانيا"]


def test_the_lists_are_as_long_as_the_press_needs() -> None:
    assert len(wordlists.entries("names.txt")) >= 240
    assert sum(len(row) - 1 for row in wordlists.rows("plurals.tsv")) >= 400
    assert len(wordlists.rows("nisba.tsv")) >= 100
    assert len(wordlists.entries("clitic_words.txt")) >= 150


LISTS = sorted(
    file.name for file in Path(wordlists.__file__).with_name("words").iterdir() if not file.name.startswith("dup_")
)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_says_where_it_comes_from(name: str) -> None:
    text = Path(wordlists.__file__).with_name("words").joinpath(name).read_text(encoding="utf-8")
    assert "Compiled for this project" in text.split("\n\n")[0]


def test_each_plural_has_the_stem_of_its_singular() -> None:
    rows = {row[0] for row in wordlists.rows("plurals.tsv")}
    apart = [
        (row[0], plural)
        for row in wordlists.rows("plurals.tsv")
        for plural in row[1:]
        if stem(plural) != stem(row[0]) and plural not in rows
    ]
    # فرق and أفكار have two singulars each, حكام and سيول are a plural and something else, too.
    assert len(apart) <= 8, apart


def test_offsets_mark_the_letters_as_they_were_written() -> None:
    text = "«والوَزِيرُ» قال: عبد الله‏، #عاصفة_الحزم ﻻ"
    marked = [text[token.start : token.end] for token in analyse(text, "stem")]
    assert marked == ["والوَزِيرُ", "قال", "عبد الله‏", "عاصفة", "الحزم", "ﻻ"]
    assert [token.position for token in analyse(text, "stem")] == list(range(6))


def test_a_lost_space_after_a_full_stop_is_found_again() -> None:
    assert exact("انتهى.وقال: نعم") == ["انتهي", "وقال", "نعم"]
    assert exact("3.5 www.example.com 12,000") == ["3.5", "www.example.com", "12,000"]


def test_compound_names_meet_with_and_without_their_space() -> None:
    assert light("عبد الله صالح") == light("عبدالله صالح")
    assert light("أبو مازن") == light("ابومازن")
    assert len(light("عبد الله")) == 1


def test_an_index_and_a_query_get_the_same_terms() -> None:
    text = "قال الوزير إن ١٥ شركة ستُوقّع العقد في الـ٢٠ من مايو"
    assert analyse_all(text) == [
        Terms(*terms) for terms in zip(*([t.term for t in analyse(text, field)] for field in FIELDS), strict=True)
    ]


def test_every_rule_of_the_char_filter_leads_to_plain_letters() -> None:
    assert len(mapping()) > 800
    assert not [rule for rule, new in mapping().items() if any(letter in mapping() for letter in new)]


@pytest.mark.parametrize(
    ("term", "stemmed"),
    [("والكتاب", "كتاب"), ("كتابها", "كتاب"), ("ولد", "ولد"), ("حسن", "حسن"), ("مسلمون", "مسلم"), ("عربيه", "عرب")],
)
def test_the_light_stemmer_follows_its_published_rules(term: str, stemmed: str) -> None:
    assert rules.arabic_stem(term) == stemmed


@pytest.mark.skipif(not CORPUS.exists(), reason="the evaluation corpus (../shared/eval) is not beside this checkout")
def test_what_meets_in_exact_meets_in_light_and_what_meets_in_light_meets_in_stem() -> None:
    """So the stem alone says which documents are found; the embedded index relies on it."""
    of_exact: dict[str, str] = {}
    of_light: dict[str, str] = {}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(400), lines, strict=False)]
    for terms in (terms for text in texts for terms in analyse_all(text)):
        assert of_exact.setdefault(terms.exact, terms.light) == terms.light
        assert of_light.setdefault(terms.light, terms.stem) == terms.stem
