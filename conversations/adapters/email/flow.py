"""Text whose lines were broken by the mailer, put together again."""


def unfolded(text: str, *, is_space_deleted: bool) -> str:
    """Source: RFC 3676, format=flowed and delsp."""
    told: list[list[str]] = []  # the pieces of each line
    open_depth: int | None = None  # of the quote of the line that goes on
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        is_signature = line == "-- "
        goes_on = line.endswith(" ") and not is_signature
        kept = line[:-1] if goes_on and is_space_deleted else line
        if open_depth == depth and not is_signature:
            told[-1].append(kept)
        else:
            told.append([f"{'>' * depth} {kept}" if depth else kept])
        open_depth = depth if goes_on else None
    return "\n".join("".join(pieces) for pieces in told)
