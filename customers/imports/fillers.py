"""What stands in a cell where nothing is known: it is read as "not said".

Somebody who writes 0, ゲスト or 000-0000-0000 for all of their guests does not mean that
these are one person. An account adds its own words in its settings.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# For every column of the customer, compared by `folded_filler`.
_EMPTY = frozenset(
    [
        "null",
        "nil",
        "none",
        "nan",
        "n/a",
        "#n/a",
        "na",
        "undefined",
        "unknown",
        "unset",
        "blank",
        "empty",
        "notset",
        "notspecified",
        "anonymous",
        "guest",
        "guestuser",
        "nonmember",
        "notamember",
        "notregistered",
        "なし",
        "無し",
        "無",
        "ナシ",
        "無記入",
        "未記入",
        "未入力",
        "未登録",
        "未設定",
        "未定",
        "不明",
        "空",
        "空欄",
        "該当なし",
        "該当無し",
        "ゲスト",
        "ゲスト様",
        "ゲストユーザー",
        "ゲスト購入",
        "げすと",
        "非会員",
        "非会員様",
        "会員外",
        "一般",
        "一般客",
        "一般のお客様",
        "匿名",
        "匿名希望",
        "会員登録なし",
        "会員登録無し",
        "会員なし",
        "ダミー",
        "dummy",
        "テスト",
        "test",
    ]
)
_NAMES = frozenset(
    [
        "お客様",
        "お客さま",
        "店頭",
        "店頭客",
        "現金客",
        "名無し",
        "ななし",
        "nonname",
        "noname",
    ]
)
_LOCAL_PARTS = frozenset(
    [
        "none",
        "no",
        "null",
        "na",
        "noreply",
        "donotreply",
        "nomail",
        "noemail",
        "noaddress",
        "nothing",
        "dummy",
        "unknown",
        "sample",
        "guest",
        "nobody",
        "anonymous",
        "mailnashi",
        "nashi",
        "なし",
    ]
)
_DOMAIN = re.compile(
    r"(?:none|no|nomail|noemail|dummy|null|unknown|nothing|nodomain)\.[a-z.]{2,}"
    r"|.*\.(?:invalid|local|localhost|test)"
)
_ONE_LETTER = re.compile(r"(.)\1{2,}")  # xxx, aaaa
_ONE_DIGIT = re.compile(r"([0-9])\1*")
_ENDS_IN_ZEROS = re.compile(r"0{8,}$")  # 090-0000-0000, 03-0000-0000
_PUNCTUATION = re.compile(r"[\W_ー]*")
_SEPARATORS = re.compile(r"[\s_.・-]+")


def folded_filler(text: str) -> str:
    """One spelling of a word in every width and case, and empty of mere dashes."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip(" '\"()[]<>「」【】")
    return "" if _PUNCTUATION.fullmatch(folded) else _SEPARATORS.sub("", folded)


class Fillers:
    """Tells whether a cell says anything: our words, and those of one account."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        folded = {folded_filler(word) for word in words}
        self._words = (_EMPTY | folded) - {""}
        self.in_word = lru_cache(maxsize=20_000)(self._in_word)
        self.in_member_number = lru_cache(maxsize=20_000)(self._in_member_number)
        self.in_name = lru_cache(maxsize=20_000)(self._in_name)
        self.in_phone = lru_cache(maxsize=20_000)(self._in_phone)
        self.in_email = lru_cache(maxsize=20_000)(self._in_email)

    def _in_word(self, cell: str) -> bool:
        word = folded_filler(cell)
        return not word or word in self._words

    def _in_member_number(self, cell: str) -> bool:
        """0 and 0000 are nobody; 1111 may be a member."""
        return self._in_word(cell) or not folded_filler(cell).strip("0")

    def _in_name(self, cell: str) -> bool:
        name = folded_filler(cell)
        return (
            self._in_word(cell) or name in _NAMES or name.removesuffix("様") in _NAMES
        )

    def _in_phone(self, cell: str) -> bool:
        digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", cell))
        if not digits:
            return self._in_word(cell)
        return bool(
            self._in_word(cell)
            or _ONE_DIGIT.fullmatch(digits)
            or _ENDS_IN_ZEROS.search(digits)
        )

    def _in_email(self, cell: str) -> bool:
        address = unicodedata.normalize("NFKC", cell).casefold().strip()
        local, at, domain = address.rpartition("@")
        if self._in_word(cell) or not at:
            return self._in_word(cell)
        local = _SEPARATORS.sub("", local)
        label = domain.partition(".")[0]
        is_same = local == label and (_ONE_LETTER.fullmatch(local) or local == "test")
        return bool(
            local in _LOCAL_PARTS
            or _ONE_LETTER.fullmatch(local)
            or _DOMAIN.fullmatch(domain)
            or is_same
        )
