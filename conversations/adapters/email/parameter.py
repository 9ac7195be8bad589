"""What stands behind a field's value: `charset`, `boundary`, and names of files."""

import re
from urllib.parse import unquote_to_bytes

from conversations.adapters.email.charset import decode
from conversations.adapters.email.header import MAX_FIELD, decode_words, one_line

_PARAMETER = re.compile(
    r";\s*([^\s=;\"]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]*))"
)
_MAIN = re.compile(r"[;\s]")
_ESCAPED = re.compile(r"\\([\"\\])")
_NUMBERED = re.compile(r"(.+?)\*(\d{1,3})(\*?)")
_PATH = re.compile(r".*[/\\]", re.DOTALL)
_TOO_MANY = 100
MAX_NAME = 200

Parameters = dict[str, str]


def read_parameters(raw: bytes, label: str = "") -> tuple[str, Parameters]:
    """The value itself in lower case, and its parameters by name, decoded.

    `label`: what raw 8-bit characters are written in. Source: RFC 2231; RFC 2047 in parameters, as Japanese mailers write it.
    """
    text = one_line(decode(raw[:MAX_FIELD], label))
    if text.startswith("=?"):  # some encode the whole of it
        text = one_line(decode_words(text))
    main, rest = _divided(text)
    plain: Parameters = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(rest)):
        if count == _TOO_MANY:
            break
        name, value = match[1].lower(), _unquoted(match[2], match[3])
        if numbered := _NUMBERED.fullmatch(name):
            piece = (value, bool(numbered[3]))
            pieces.setdefault(numbered[1], {}).setdefault(int(numbered[2]), piece)
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], {}).setdefault(0, (value, True))
        else:
            plain.setdefault(name, value)
    joined = {name: _joined(parts) for name, parts in pieces.items()}
    every = {name: one_line(decode_words(value)) for name, value in plain.items()}
    return main.lower(), every | joined


def _divided(text: str) -> tuple[str, str]:
    """Also where the semicolon between them was forgotten."""
    text = text.strip()
    main = _MAIN.split(text, maxsplit=1)[0]
    return main, ";" + text[len(main) :].lstrip("; ")


def _unquoted(quoted: str | None, bare: str | None) -> str:
    if quoted is not None:
        return _ESCAPED.sub(r"\1", quoted)
    return (bare or "").strip().strip('"')


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """The numbered pieces as one: percent-encoded, plain, or both mixed."""
    ordered = [parts[number] for number in sorted(parts)]
    if not any(is_encoded for _value, is_encoded in ordered):
        return one_line(decode_words("".join(value for value, _ in ordered)))
    label, ordered[0] = _charset_of(*ordered[0])
    raw = b"".join(
        unquote_to_bytes(value) if is_encoded else value.encode("utf-8", "replace")
        for value, is_encoded in ordered
    )
    return one_line(decode_words(decode(raw, label)))


def _charset_of(value: str, is_encoded: bool) -> tuple[str, tuple[str, bool]]:
    if is_encoded and value.count("'") >= 2:
        label, _language, rest = value.split("'", 2)
        return label, (rest, True)
    return "", (value, is_encoded)


def file_name(name: str) -> str:
    """`name` without a path and what a file system or a reader could be misled by."""
    name = _PATH.sub("", one_line(name)).strip(" .")
    if len(name) <= MAX_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 10:
        return name[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}"
