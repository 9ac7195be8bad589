"""Cleaning what people write, before it reaches the database."""

from customers.text import kept_text


def prepare_body(text: str, limit: int) -> str:
    """`text` without hostile characters and card numbers, cut to `limit` characters."""
    return kept_text(text).strip("\n")[:limit]


def preview_of(body: str) -> str:
    """The first words of a message, on one line."""
    return " ".join(body.split())[:140]
