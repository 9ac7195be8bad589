"""A small picture of a file, for who shows it before it is opened."""

from io import BytesIO

from PIL import Image, ImageDraw

from conversations.models import Attachment

_EDGE = 480  # pixels
_GROUND, _SIGN = (38, 42, 51), (232, 235, 240)
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def small_picture(attachment: Attachment) -> bytes:
    """A JPEG, well below a megabyte: of a picture itself, else a sign to play it."""
    picture = _shrunk(attachment) if attachment.is_image else None
    written = BytesIO()
    (picture or _play_sign()).save(written, "JPEG", quality=80)
    return written.getvalue()


def _shrunk(attachment: Attachment) -> Image.Image | None:
    try:
        with attachment.file.open("rb") as file, Image.open(file) as image:
            image.draft("RGB", (_EDGE, _EDGE))
            image.thumbnail((_EDGE, _EDGE))
            seen = image.convert("RGBA")
    except _DAMAGED:
        return None
    ground = Image.new("RGBA", seen.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, seen).convert("RGB")


def _play_sign() -> Image.Image:
    tile = Image.new("RGB", (_EDGE, _EDGE * 3 // 4), _GROUND)
    x, y, size = _EDGE // 2, _EDGE * 3 // 8, _EDGE // 8
    ImageDraw.Draw(tile).polygon(
        [(x - size * 2 // 3, y - size), (x - size * 2 // 3, y + size), (x + size, y)],
        fill=_SIGN,
    )
    return tile
