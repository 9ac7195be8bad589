"""People's names as the reader's language writes them."""

from django.utils.translation import get_language

_JAPANESE_ORDER = ("ja", "ko", "zh")


def person_name(family: str, given: str) -> str:
    """山田 太郎 in Japanese, Taro Yamada in English; what is missing is left out."""
    family_first = (get_language() or "ja").startswith(_JAPANESE_ORDER)
    is_cjk = any(ord(letter) > 0x2E7F for letter in family + given)
    parts = (family, given) if family_first or is_cjk else (given, family)
    return " ".join(part for part in parts if part)
