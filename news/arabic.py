"""Arabic text folded for comparing, and telling Arabic from its neighbours that share the script."""

import re
import unicodedata
from codecs import charmap_build, charmap_decode, charmap_encode
from collections.abc import Iterable, Sequence

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
    raw = _in_alphabet(text)
    if raw is None:
        return _normalise(text)
    return charmap_decode(raw.translate(None, _MARK_BYTES), "strict", _FOLDED)[0]


def normalise_all(texts: Sequence[str]) -> list[str]:
    """Many texts at once, none of which holds a line feed: one long text costs far less than many short ones."""
    if _in_alphabet(joined := "\n".join(texts)) is None:
        return [normalise(text) for text in texts]
    return normalise(joined).split("\n") if texts else []


def _normalise(text: str) -> str:
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
    raw = _in_alphabet(text)
    if raw is None:
        return _arabic_share(text)
    letters = len(raw) - len(raw.translate(None, _LETTER_BYTES))
    return (len(raw) - len(raw.translate(None, _ARABIC_BYTES))) / letters if letters else 0.0


def _arabic_share(text: str) -> float:
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


def _in_alphabet(text: str) -> bytes | None:
    """One byte a character, None where the text holds others."""
    try:
        return charmap_encode(text, "strict", _ENCODING)[0]
    except UnicodeEncodeError:
        return None


def _bytes_of(characters: Iterable[str]) -> bytes:
    return bytes(map(_ALPHABET.index, characters))


# All that most texts are written with fits one byte a character. In such an alphabet folding and counting are look-ups
# in tables, which cost a small part of the searches that they stand for; every table is made by those searches.
_ALPHABET = "".join(
    (
        *map(chr, range(0x80)),
        *map(chr, range(0x621, 0x63B)),
        *map(chr, range(0x640, 0x653)),
        "\u0670\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\ufeff\u00ad\u00a0",
        "".join(digit for digit, _ in _DIGITS[:10]),
        "پچژگڤکی" "،؛؟٪٫٬" "«»“”‘’…–—•·‹›" "éèêàâçïîôûùëüöäñÉ" "©®°×←→↑↓►",
    )
)  # fmt: skip
_ENCODING = charmap_build(_ALPHABET)
_MARK_BYTES = _bytes_of(one for one in _ALPHABET if not _normalise(one))
_FOLDED = "".join(_normalise(one) or one for one in _ALPHABET)
_ARABIC_BYTES = _bytes_of(one for one in _ALPHABET if _arabic_share(one))
_LETTER_BYTES = _bytes_of(one for one in _ALPHABET if _arabic_share(one) or _letters.match(_marks.sub("", one)))
