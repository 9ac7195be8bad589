"""Templates of the simulated WhatsApp account, and what is wrong with one that is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

TEMPLATES: Sequence[Mapping[str, Any]] = [
    {
        "name": "shipping_update",
        "language": "ja",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "発送のお知らせ"},
            {
                "type": "BODY",
                "text": "{{1}} 様、ご注文 {{2}} を発送いたしました。",
                "example": {"body_text": [["中村", "A-1001"]]},
            },
            {"type": "FOOTER", "text": "このメッセージに返信できます"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {
                        "type": "URL",
                        "text": "追跡する",
                        "url": "https://shop.example.jp/track/{{1}}",
                        "example": ["A-1001"],
                    }
                ],
            },
        ],
    },
    {
        "name": "callback",
        "language": "ja",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [
            {
                "type": "BODY",
                "text": "{{customer_name}} 様、担当者からご連絡してもよろしいですか。",
                "example": {
                    "body_text_named_params": [
                        {"param_name": "customer_name", "example": "中村"}
                    ]
                },
            }
        ],
    },
    {
        "name": "autumn_sale",
        "language": "ja",
        "status": "REJECTED",
        "category": "MARKETING",
        "components": [{"type": "BODY", "text": "秋のセールです。"}],
    },
]


def template_problem(template: Mapping[str, Any]) -> tuple[int, str] | None:
    """Meta's code and words; None where it may go."""
    for known in TEMPLATES:
        is_named = known["name"] == template.get("name")
        if is_named and known["language"] == template["language"]["code"]:
            if known["status"] != "APPROVED":
                return 132015, "Template is paused"
            if _gaps_in(known) != _values_in(template):
                return 132000, "Number of parameters does not match"
            return None
    return 132001, "Template name does not exist in the translation"


def _gaps_in(template: Mapping[str, Any]) -> int:
    texts = [str(part.get("text", "")) for part in template["components"]]
    for part in template["components"]:
        texts += [str(button.get("url", "")) for button in part.get("buttons", ())]
    return sum(text.count("{{") for text in texts)


def _values_in(template: Mapping[str, Any]) -> int:
    parts = template.get("components") or []
    return sum(len(part.get("parameters", ())) for part in parts)
