"""Arabic text folded for comparing, and telling Arabic from its neighbours that share the script."""

import re
import unicodedata

# Marks that change nothing of a word: tatweel, harakat, dagger alef, Quranic signs, bidi and zero-width controls.
MARKS = (
    "\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
    "\u061c\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
)
PRESENTATION = "\ufb50-\ufdff\ufe70-\ufefc"

_marks = re.compile(f"[{MARKS}]+")
_presentation = re.compile(f"[{PRESENTATION}]+")
# A hamza written as a combining mark on its seat (decomposed text) is the letter, not a mark to drop.
_combining_hamza = re.compile("[ويى]\u0654")
_word = re.compile(r"[^\W_]+")

_LETTERS = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ي"), ("ة", "ه"), ("ؤ", "ء"), ("ئ", "ء"))
_RARE = (
    ("ٱ", "ا"), ("ٲ", "ا"), ("ٳ", "ا"), ("ک", "ك"), ("ڪ", "ك"),
    ("ی", "ي"), ("ې", "ي"), ("ے", "ي"), ("ھ", "ه"), ("ہ", "ه"), ("ە", "ه"), ("ۀ", "ه"), ("ۃ", "ه"),
)  # fmt: skip
_rare_letters = re.compile(f"[{''.join(letter for letter, _ in _RARE)}]")
_DIGITS = tuple((chr(zero + n), str(n)) for zero in (0x660, 0x6F0) for n in range(10))
_foreign_digit = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
# Most lines hold none of these, and one search costs less than five.
_unusual = re.compile(
    f"[{MARKS}{PRESENTATION}\u0654{''.join(letter for letter, _ in _RARE)}\u0660-\u0669\u06f0-\u06f9]"
)

_letters = re.compile(r"[^\W\d_]+")
_arabic_letters = re.compile("[\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc"
                             f"\u06ff\u0750-\u077f\u08a0-\u08b4{PRESENTATION}]+")  # fmt: skip
# Letters of Persian, Urdu, Kurdish, Pashto, Sindhi and Uighur that standard Arabic does not write.
_foreign_letters = re.compile("[پچژگٹڈڑںےۓہۂۃێۆۇۈۋەڕڵڭټډړښږڼېۍڙڄڃڳڻٿٽڀٻڊڍ]")
_persian_seats = re.compile("[کی]")
_article = re.compile(r"(?<!\w)[وفبك]?ال(?=\w\w)")


def normalise(text: str) -> str:
    """`text` as it is compared: one letter per group that writers exchange, no marks, Western digits, lower case."""
    if _unusual.search(text):
        text = _usual(text)
    for letter, plain in _LETTERS:
        text = text.replace(letter, plain)
    return text.lower()


def _usual(text: str) -> str:
    """Without marks, presentation forms, letters of other languages' keyboards and digits but Western ones."""
    if _presentation.search(text):
        text = _presentation.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    if "\u0654" in text:
        text = _combining_hamza.sub("ء", text)
    text = _marks.sub("", text)
    if _rare_letters.search(text):
        for letter, plain in _RARE:
            text = text.replace(letter, plain)
    if _foreign_digit.search(text):
        for digit, plain in _DIGITS:
            text = text.replace(digit, plain)
    return text


def words(text: str) -> list[str]:
    return _word.findall(normalise(text))


def arabic_share(text: str) -> float:
    """The share of letters of the Arabic script among all letters, 0 where there is no letter."""
    text = _marks.sub("", text)
    others = _arabic_letters.sub("", text)
    arabic = len(text) - len(others)
    letters = arabic + sum(map(len, _letters.findall(others)))
    return arabic / letters if letters else 0.0


def is_arabic(text: str) -> bool:
    """Mostly Arabic script, and Arabic by its marks: the article and ة outweigh letters that only its neighbours write.

    Persian writes some 2 % of پ چ ژ گ and hardly an article; Urdu and Kurdish far more of their own. ک and ی count
    little: Arabic typed on a Persian keyboard has them everywhere, and still has its articles.
    """
    if arabic_share(text) < 0.5:
        return False
    foreign = len(_foreign_letters.findall(text)) + len(_persian_seats.findall(text)) / 4
    return not foreign or foreign <= text.count("ة") + len(_article.findall(text))
