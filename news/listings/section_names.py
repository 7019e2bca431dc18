"""How outlets name what their menus link to: sections with news in them, and everything else."""

import re

_NEWS = """
خبار سياس قتصاد رياض محلي عاجل عربي دولي عالم حوادث تقارير منوعات ثقاف علوم تكنولوجيا صحة
news politic econom sport world local business
"""

# Matched at the beginning of a word, with or without the article: «منصور» is not «صور».
_OTHER = """
من_نحن عن_الموقع اتصل أتصل إتصل تواصل راسل خصوصية شروط اعلن أعلن إعلان وظائف اشترك تسجيل دخول فيديو صور بث مباشر
بودكاست أرشيف انفوغراف إنفوغراف رئيسية طقس صلاة صلات مزيد اكثر أكثر نسخة مبوبة هيكل متجر
english français about contact privacy terms cookie login log_in subscribe advert career jobs video photo gallery
podcast live search sitemap trending most
"""

_OTHER_PATHS = """
tags? authors? users? editors? search page rss feed login account videos? about contact privacy terms archive ereader
weather[^/]* prayer[^/]*
"""


def _any(words: str) -> str:
    return "|".join(word.replace("_", " ") for word in words.split())


NEWS = re.compile(_any(_NEWS), re.IGNORECASE)
NO_LISTING = re.compile(rf"(?<!\w)(?:ال)?(?:{_any(_OTHER)})", re.IGNORECASE)
NO_LISTING_PATH = re.compile(
    rf"/(?:{_any(_OTHER_PATHS)})(?:[/?.-]|$)|most-?read|\.(?:pdf|xml|jpe?g|png|apk)$", re.IGNORECASE
)
