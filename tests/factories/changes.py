"""What has happened to a message, as tests compare it."""


def reactions_of(message) -> dict[str, str]:
    """By side; without those that were taken back."""
    rows = message.reactions.exclude(emoji="")
    return dict(rows.values_list("side", "emoji"))


def earlier_texts_of(message) -> list[str]:
    return list(message.edits.order_by("edited_at").values_list("body", flat=True))
