"""Columns that say whose they are beside what they are.

姓(購入者), 注文者：姓, (請求先) 姓 and First Name (Billing) are one with 注文者姓 and
billing_first_name. Of whom the goods went to nothing is read this way.
"""

import re

_BUYERS = {
    **dict.fromkeys(
        ("注文者", "ご注文者", "購入者", "ご購入者", "請求先", "ご請求先", "ご依頼主"),
        "注文者",
    ),
    "billing": "billing",
    "buyer": "buyer",
    "customer": "customer",
}
_ROLE = "|".join(_BUYERS)
_FORMS = (
    re.compile(rf"(?P<what>.+)\((?P<role>{_ROLE})\)"),
    re.compile(rf"(?P<role>{_ROLE})[:・/](?P<what>.+)"),
    re.compile(rf"\((?P<role>{_ROLE})\)(?P<what>.+)"),
)


def of_buyer(title: str) -> str:
    """The folded `title` under the name our mapping has; empty where it has no role."""
    for form in _FORMS:
        if found := form.fullmatch(title):
            return _BUYERS[found["role"]] + found["what"]
    return ""
