"""What a page counts up or stamps by itself, and the buttons around a text: no part of what it tells."""

import re
from typing import Final

from news import wordlists
from news.arabic import words
from news.copies.likeness import month

_SHORT: Final = 16
_COUNTED: Final = frozenset(wordlists.entries("dup_counters.txt"))
_STAMP: Final = frozenset(wordlists.entries("dup_stamps.txt"))
_CERTAIN = frozenset(["تحديث", "التحديث", "النشر", "نشر", "القراءه", "gmt", "منذ", "بتوقيت", "updated", "published"])
_BUTTONS = re.compile(
    r"^(?:شارك|مشاركة|طباعة|اطبع|أرسل|إرسال|حفظ|نسخ الرابط|استمع|حجم الخط|تابعنا|تابعونا|اشترك|انضم|حمل التطبيق|"
    r"أضف تعليق|اكتب تعليق|الأكثر قراءة|اقرأ أيضا|إقرأ أيضا|لمتابعة|للمزيد|انقر هنا|اضغط هنا|"
    r"كلمات مفتاحية|وسوم|Share|Print)"
)
_INLINE = re.compile(
    r"[(\[]?\s*(?:آخر تحديث|اخر تحديث|تم التحديث|جرى التحديث|حُدّث|وقت القراءة|عدد (?:المشاهدات|القراءات|الزيارات|"
    r"التعليقات))\s*[:：]?[^.،()\n\[\]]{0,60}[)\]]?\.?"
)
_LABEL: Final = (
    "عاجل|محدث|تحديث|محدّث|بالفيديو|بالصور|فيديو|صور|شاهد|حصري|حصريا|خاص|مباشر|متابعة|خبر عاجل|بالفيديو والصور"
)
_FIRST_LABEL = re.compile(rf"^\W*(?:{_LABEL})\s*(?:[|:：/!.…\-–—()\[\]]+\s*|$)")
_LAST_LABEL = re.compile(rf"\s*[|\-–—(\[.…«\"]+\s*(?:{_LABEL})\W*$")
_OUTLET = re.compile(r"\s+[|»]\s+[^|»]{1,40}$")


def told(text: str) -> str:
    """The text without counters, stamps and buttons."""
    return "\n".join(line for line in _INLINE.sub(" ", text).split("\n") if not is_stamp(line))


def headline(title: str) -> str:
    """The title without the labels that outlets put before and behind it, and without the outlet's name."""
    bare = _LAST_LABEL.sub("", _FIRST_LABEL.sub("", _OUTLET.sub("", title)))
    return bare or title


def is_stamp(line: str) -> bool:
    """A short line that says when it was written, how often it was read, or what may be done with it."""
    found = words(line)
    if not found or len(found) > _SHORT:
        return False
    if _BUTTONS.match(line.strip()):
        return True
    rest = [word for word in found if not word.isdigit()]
    counted = any(word.removeprefix("ال") in _COUNTED for word in rest)
    if counted and len(rest) <= 4 and (len(rest) < len(found) or len(rest) <= 2):
        return True
    dated = len(rest) < len(found) or not _CERTAIN.isdisjoint(rest)
    return dated and all(word in _STAMP or month(word) for word in rest)
