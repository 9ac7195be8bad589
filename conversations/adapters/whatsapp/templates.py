"""WhatsApp's own templates: how Graph lists them, and how one is filled.

Source: WhatsApp Business Platform, "Templates" and "Template components".
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from conversations.adapters.meta_graph.client import GraphClient
from conversations.adapters.provider_template import ProviderTemplate, TemplateVariable

_GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FILES = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document"}
_KNOWN = {"HEADER", "BODY", "FOOTER", "BUTTONS"}
_PLAIN_BUTTONS = {"QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"}
_MOST_PAGES = 20


def fetch_templates(client: GraphClient, account_id: str) -> list[ProviderTemplate]:
    """Those that are approved and that a person can fill. Raises SendError."""
    found: list[ProviderTemplate] = []
    query = {
        "fields": "name,language,status,category,parameter_format,components",
        "limit": "100",
    }
    for _page in range(_MOST_PAGES):
        answer = client.get(f"/{account_id}/message_templates", **query)
        rows = answer.get("data")
        for row in rows if isinstance(rows, list) else []:
            template = template_of(row)
            if template is not None:
                found.append(template)
        paging = answer.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not after or not paging.get("next"):
            break
        query["after"] = str(after)
    return sorted(found, key=lambda one: (one.name, one.language))


def template_of(row: Mapping[str, Any]) -> ProviderTemplate | None:
    """None for one that is not approved, or more than a person can fill."""
    if row.get("status") != "APPROVED" or row.get("category") == "AUTHENTICATION":
        return None
    parts: dict[str, Mapping[str, Any]] = {
        str(one.get("type", "")).upper(): one for one in row.get("components") or []
    }
    if "BODY" not in parts or set(parts) - _KNOWN:
        return None
    header = parts.get("HEADER", {})
    form = str(header.get("format", "TEXT")).upper()
    if header and form != "TEXT" and form not in _FILES:
        return None
    buttons = parts.get("BUTTONS", {}).get("buttons") or []
    if any(str(one.get("type", "")).upper() not in _PLAIN_BUTTONS for one in buttons):
        return None
    is_text = bool(header) and form == "TEXT"
    is_named = str(row.get("parameter_format", "")).upper() == "NAMED"
    return ProviderTemplate(
        name=str(row.get("name", "")),
        language=str(row.get("language", "")),
        body=str(parts["BODY"].get("text", "")),
        header=str(header.get("text", "")) if is_text else "",
        footer=str(parts.get("FOOTER", {}).get("text", "")),
        buttons=[str(one.get("text", "")) for one in buttons],
        variables=[
            *(_gaps(header, "header", is_named=is_named) if is_text else ()),
            *_gaps(parts["BODY"], "body", is_named=is_named),
            *_button_gaps(buttons),
        ],
        header_file=_FILES.get(form, "") if header else "",
        category=str(row.get("category", "")),
    )


def _gaps(
    part: Mapping[str, Any], place: str, *, is_named: bool
) -> Sequence[TemplateVariable]:
    labels = list(dict.fromkeys(_GAP.findall(str(part.get("text", "")))))
    examples = _examples(part.get("example") or {}, place)
    return [
        TemplateVariable(
            place=place,
            label=label,
            name=label if is_named else "",
            example=examples.get(label, ""),
        )
        for label in labels
    ]


def _examples(component: Mapping[str, Any], place: str) -> dict[str, str]:
    named = component.get(f"{place}_text_named_params") or []
    examples = {
        str(one.get("param_name", "")): str(one.get("example", "")) for one in named
    }
    counted = component.get(f"{place}_text") or []
    if counted and isinstance(counted[0], list):  # of the body: a list of lists
        counted = counted[0]
    numbered = enumerate(counted, start=1)
    return examples | {str(number): str(one) for number, one in numbered}


def _button_gaps(buttons: Sequence[Mapping[str, Any]]) -> list[TemplateVariable]:
    found = []
    for index, button in enumerate(buttons):
        kind = str(button.get("type", "")).upper()
        example = button.get("example") or ""
        example = str(example[0] if isinstance(example, list) else example)
        label = str(button.get("text", ""))
        if kind == "URL" and _GAP.search(str(button.get("url", ""))):
            found.append(TemplateVariable("button", label, "", example, index, "url"))
        elif kind == "COPY_CODE":
            found.append(
                TemplateVariable("button", label, "", example, index, "copy_code")
            )
    return found


def components_of(filled: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a message sends along with a template's name: {place, name, value, …}."""
    components = []
    for place in ("header", "body"):
        values = [one for one in filled if one.get("place") == place]
        if values:
            parameters = [_text_parameter(one) for one in values]
            components.append({"type": place, "parameters": parameters})
    for one in filled:
        if one.get("place") == "button":
            components.append(_button_parameter(one))
    return components


def _text_parameter(one: Mapping[str, Any]) -> dict[str, str]:
    parameter = {"type": "text", "text": str(one.get("value", ""))}
    if one.get("name"):
        parameter["parameter_name"] = str(one["name"])
    return parameter


def _button_parameter(one: Mapping[str, Any]) -> dict[str, Any]:
    value = str(one.get("value", ""))
    is_code = one.get("kind") == "copy_code"
    parameter = (
        {"type": "coupon_code", "coupon_code": value}
        if is_code
        else {"type": "text", "text": value}
    )
    return {
        "type": "button",
        "sub_type": "copy_code" if is_code else "url",
        "index": str(one.get("index", 0)),
        "parameters": [parameter],
    }
