"""Text whose lines were broken by the mailer, put together again."""


def unfolded(text: str, *, is_space_deleted: bool) -> str:
    """Source: RFC 3676, format=flowed and delsp."""
    lines_read: list[list[str]] = []  # the pieces of each line
    open_depth: int | None = None  # of the quote of the line that goes on
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        is_signature = line == "-- "
        goes_on = line.endswith(" ") and not is_signature
        content = line[:-1] if goes_on and is_space_deleted else line
        if open_depth == depth and not is_signature:
            lines_read[-1].append(content)
        else:
            lines_read.append([f"{'>' * depth} {content}" if depth else content])
        open_depth = depth if goes_on else None
    return "\n".join("".join(pieces) for pieces in lines_read)
