"""The words of dates: months of every region and calendar, weekdays, labels, units, zones.

All keys are folded as `news.dates.lexer.fold` folds: lower case, alef, ya, ta marbuta and hamza seats unified. A word's
kind is one letter, so that a text becomes a short string of kinds on which plain regular expressions work.
"""

from typing import Final, NamedTuple


class Month(NamedTuple):
    number: int
    hijri: bool = False


class Unit(NamedTuple):
    """A span of time; `amount` is None for a plural that says nothing without a number («ساعات»)."""

    name: str
    amount: int | None


class Word(NamedTuple):
    kind: str
    value: object = None


_GREGORIAN: Final = """
يناير جانفي كانون_الثاني كانون_ثاني كانون_ثان كانون_2 jan january janvier janv
فبراير فيفري شباط feb february fevrier fevr
مارس اذار mar march mars
ابريل افريل نيسان apr april avril avr
مايو ماي ايار مايس may mai
يونيو يونيه حزيران جوان jun june juin
يوليو يوليه يوليوز تموز جويليه جويليا jul july juillet juil
اغسطس اوغسطس اب اوت غشت aug august aout
سبتمبر ايلول شتنبر sep sept september septembre
اكتوبر اوكتوبر تشرين_الاول تشرين_اول تشرين_1 oct october octobre
نوفمبر نونبر تشرين_الثاني تشرين_ثاني تشرين_ثان تشرين_2 nov november novembre
ديسمبر دجنبر دسمبر كانون_الاول كانون_اول كانون_1 dec december decembre
"""
_HIJRI: Final = """
محرم المحرم
صفر
ربيع_الاول ربيع_اول ربيع_1
ربيع_الثاني ربيع_ثاني ربيع_الاخر ربيع_اخر ربيع_2
جمادي_الاولي جمادي_الاول جمادي_اول جمادي_اولي جماد_الاول جماد_اول جمادي_1
جمادي_الاخره جمادي_الثانيه جمادي_الاخر جمادي_الثاني جمادي_ثاني جماد_الاخر جماد_الثاني جماد_ثاني جمادي_2
رجب
شعبان
رمضان
شوال
ذو_القعده ذي_القعده ذوالقعده ذيالقعده
ذو_الحجه ذي_الحجه ذوالحجه ذيالحجه
"""
_WEEKDAYS: Final = """
الاثنين الاتنين اثنين monday mon lundi lun
الثلاثاء الثلاثا ثلاثاء tuesday tue tues mardi
الاربعاء الاربعا اربعاء wednesday wed mercredi mer
الخميس thursday thu thur thurs jeudi jeu
الجمعه friday fri vendredi ven
السبت saturday sat samedi sam
الاحد sunday sun dimanche dim
"""
_ORDINALS: Final = """
الاول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر الحادي_عشر الثاني_عشر الثالث_عشر الرابع_عشر
الخامس_عشر السادس_عشر السابع_عشر الثامن_عشر التاسع_عشر العشرين الحادي_والعشرين الثاني_والعشرين الثالث_والعشرين
الرابع_والعشرين الخامس_والعشرين السادس_والعشرين السابع_والعشرين الثامن_والعشرين
التاسع_والعشرين الثلاثين الحادي_والثلاثين
"""
_NUMBERS: Final = (
    "one two three four five six seven eight nine ten",
    "واحد اثنين ثلاث اربع خمس ست سبع ثماني تسع عشر",
    "واحده اثنتين ثلاثه اربعه خمسه سته سبعه ثمانيه تسعه عشره",
    "a اثنان - - - - - ثمان - -",
    "an - - - - - - - - -",
)
_UNITS: Final = {
    "minute": (
        "دقيقه minute min",
        "دقيقتين دقيقتان",
        "دقايق minutes mins",
        "لحظات لحظه ثوان ثواني ثانيه seconds second moments",
    ),
    "hour": ("ساعه hour hr", "ساعتين ساعتان", "ساعات hours hrs", "قليل"),
    "day": ("day", "يومين يومان", "ايام يوما days", ""),
    "week": ("اسبوع week", "اسبوعين اسبوعان", "اسابيع اسبوعا weeks", ""),
    "month": ("month", "شهرين شهران", "اشهر شهور شهرا months", ""),
    "year": ("year", "عامين عامان سنتين سنتان", "اعوام سنوات سنين عاما years", ""),
}
_KINDS: Final = {
    "a": "صباحا صباح مساء مسا مساءا مساا ظهرا فجرا عصرا ليلا am pm",
    "A": "ص",
    "G": "م ميلادي ميلاديه ad",
    "H": "ه هجري هجريه",
    "l": "نشر نشرت منشور النشر ونشر published posted publication انشاء الانشاء created اضيف اضيفت الاضافه publie",
    "u": "تحديث التحديث محدث محدثه حدث حدثت تحديثه تعديل التعديل عدل عدلت updated update modified edited mis",
    "f": "المبارك المعظم الحرام المكرم في بتاريخ تاريخ من تم كان اخر الموافق الموافقه موافق وقت الوقت التوقيت ال علي "
    "عند حوالي نحو "
    "on of the date time last le du de jour just t about local",
    "h": "الساعه ساعته س at à",
    "E": "نهايه بدايه مطلع اوايل اواخر منتصف",
    "p": "الماضي الماضيه الفايت المنصرم المنصرمه الفايته",
    "q": "الجاري الجاريه الحالي الحاليه",
    "F": "المقبل المقبله القادم القادمه next",
    "r": "منذ قبل",
    "g": "ago مضت مضي",
    "N": "الان now",
    "v": "و الي حتي and to until",
    "o": "st nd rd th er",
}
_DAYS_FROM_TODAY: Final = {
    "امس": -1,
    "البارحه": -1,
    "yesterday": -1,
    "hier": -1,
    "امس_الاول": -2,
    "اول_امس": -2,
    "اول_من_امس": -2,
    "اليوم": 0,
    "today": 0,
}

# RFC 822's own, then those of the region. AST is Arabia's here, not the Atlantic's; None: several zones share the name.
ZONES: Final[dict[str, int | None]] = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "ast": 180, "eet": 120, "eest": 180, "cet": 60, "cest": 120, "wet": 0, "west": 60,
    "msk": 180, "ksa": 180, "bst": 60, "gst": 240, "trt": 180, "ist": None, "idt": 180,
    "غرينتش": 0, "غرينيتش": 0, "جرينتش": 0, "جرينيتش": 0, "قرينتش": 0,
}  # fmt: skip

# «بتوقيت …». Two capitals written alike (عمان, طرابلس) are left out: their clock is not known.
CITIES: Final[dict[str, str]] = {
    name.replace("_", " "): zone
    for zone, names in {
        "Asia/Riyadh": "مكه_المكرمه مكه السعوديه الرياض المملكه",
        "Africa/Cairo": "القاهره مصر",
        "Asia/Beirut": "بيروت لبنان",
        "Asia/Hebron": "القدس فلسطين غزه",
        "Asia/Damascus": "دمشق سوريا سوريه",
        "Asia/Amman": "الاردن",
        "Asia/Dubai": "الامارات ابوظبي ابو_ظبي دبي",
        "Asia/Muscat": "مسقط سلطنه_عمان",
        "Asia/Qatar": "الدوحه قطر",
        "Asia/Bahrain": "المنامه البحرين",
        "Asia/Kuwait": "الكويت",
        "Asia/Baghdad": "بغداد العراق",
        "Asia/Aden": "صنعاء عدن اليمن",
        "Africa/Khartoum": "الخرطوم السودان",
        "Africa/Tripoli": "ليبيا",
        "Africa/Tunis": "تونس",
        "Africa/Algiers": "الجزاير",
        "Africa/Casablanca": "الرباط المغرب الدار_البيضاء",
        "Africa/Nouakchott": "نواكشوط موريتانيا",
        "Europe/Istanbul": "اسطنبول تركيا انقره",
        "Europe/Moscow": "موسكو",
        "Europe/London": "لندن بريطانيا",
        "Europe/Paris": "باريس فرنسا",
        "Europe/Berlin": "برلين المانيا",
        "America/New_York": "واشنطن نيويورك",
    }.items()
    for name in names.split()
}


def _lines(table: str) -> list[list[str]]:
    return [[name.replace("_", " ") for name in line.split()] for line in table.strip().splitlines()]


def _months() -> dict[str, Word]:
    tables = ((_GREGORIAN, False), (_HIJRI, True))
    return {
        name: Word("m", Month(number, hijri))
        for table, hijri in tables
        for number, names in enumerate(_lines(table), start=1)
        for name in names
    }


def _weekdays() -> dict[str, Word]:
    return {name: Word("w", number) for number, names in enumerate(_lines(_WEEKDAYS)) for name in names}


def _ordinals() -> dict[str, Word]:
    names = [name for line in _lines(_ORDINALS) for name in line]
    words = {name: Word("D", number) for number, name in enumerate(names, start=1)}
    return words | {name[:-2] + "ون": word for name, word in words.items() if name.endswith("ين")}


def _counts() -> dict[str, Word]:
    return {
        name: Word("k", number)
        for names in _NUMBERS
        for number, name in enumerate(names.split(), start=1)
        if name != "-"
    }


def _units() -> dict[str, Word]:
    return {
        word: Word("i", Unit(unit, count))
        for unit, forms in _UNITS.items()
        for count, names in zip((1, 2, None, 0), forms, strict=True)
        for word in names.split()
    }


# «يوم», «شهر» and «عام» are units after «منذ» and mere furniture inside a date («يوم 5 من شهر مايو من عام 2020»).
_BOTH: Final = {
    "يوم": Word("j", Unit("day", 1)),
    "شهر": Word("j", Unit("month", 1)),
    "عام": Word("Y", Unit("year", 1)),
    "سنه": Word("Y", Unit("year", 1)),
    "العام": Word("Y", Unit("year", None)),
    "السنه": Word("Y", Unit("year", None)),
    "لعام": Word("Y", Unit("year", None)),
    "لسنه": Word("Y", Unit("year", None)),
}

_ALL: Final[dict[str, Word]] = {
    **_ordinals(),
    **_counts(),
    **_weekdays(),
    **_units(),
    **{word: Word(kind, word) for kind, words in _KINDS.items() for word in words.split()},
    **{name.replace("_", " "): Word("b", days) for name, days in _DAYS_FROM_TODAY.items()},
    **_BOTH,
    **_months(),
}
WORDS: Final = {name: word for name, word in _ALL.items() if " " not in name}
COMPOUNDS: Final = {name: word for name, word in _ALL.items() if " " in name}
# The beginnings of compounds, whole words each: «كانون», «اول», «اول من».
LEADS: Final = frozenset(
    " ".join(parts[:length]) for name in COMPOUNDS for parts in [name.split()] for length in range(1, len(parts))
)
# «ك2», «ت1»: only where the digit touches the letter.
SHORT_MONTHS: Final = {"ك2": 1, "ت1": 10, "ت2": 11, "ك1": 12}
