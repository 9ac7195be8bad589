"""A small picture of a file, for who shows it before it is opened."""

from io import BytesIO

from PIL import Image, ImageDraw

from conversations.messages.previews.draw import NoPreviewError, draw
from conversations.models import Attachment

_EDGE = 480  # pixels
_GROUND, _SIGN = (38, 42, 51), (232, 235, 240)
_SECONDS = 5.0  # somebody waits for it


def small_picture(attachment: Attachment) -> bytes:
    """A JPEG, well below a megabyte: of a picture itself, else a sign to play it."""
    if attachment.is_image:
        try:
            with attachment.file.open("rb") as file:
                return draw(file, seconds=_SECONDS).jpeg
        except (NoPreviewError, OSError):
            pass
    written = BytesIO()
    _play_sign().save(written, "JPEG", quality=80)
    return written.getvalue()


def _play_sign() -> Image.Image:
    tile = Image.new("RGB", (_EDGE, _EDGE * 3 // 4), _GROUND)
    x, y, size = _EDGE // 2, _EDGE * 3 // 8, _EDGE // 8
    ImageDraw.Draw(tile).polygon(
        [(x - size * 2 // 3, y - size), (x - size * 2 // 3, y + size), (x + size, y)],
        fill=_SIGN,
    )
    return tile
