"""Draws one file, read from standard input, as a JPEG on standard output.

The first line of the output is JSON: width and height of what was drawn, upright. A
hostile file may make it run forever or take all memory: limits and the caller's clock
end it, and nothing but this process is lost.
"""

import json
import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

EDGE = 720  # pixels of the longer side
_MEMORY = 1024 * 1024 * 1024
_SECONDS = 10
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_ORIENTATION = 0x0112  # the EXIF tag
_ON_ITS_SIDE = {5, 6, 7, 8}
Image.MAX_IMAGE_PIXELS = 90_000_000


def _picture(content: bytes) -> tuple[Image.Image, tuple[int, int]]:
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        width, height = image.size
        is_turned = image.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE
        image.draft("RGB", (EDGE * 2, EDGE * 2))
        upright = ImageOps.exif_transpose(image)
    return upright, (height, width) if is_turned else (width, height)


def _page(content: bytes) -> tuple[Image.Image, tuple[int, int]]:
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415  # for PDFs alone

    document = pypdfium2.PdfDocument(content)
    page = document[0]
    width, height = page.get_size()
    scale = min(EDGE / max(width, height, 1), 4)
    image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return image, image.size


def _flat(image: Image.Image) -> Image.Image:
    """On white: a JPEG has no holes."""
    image.thumbnail((EDGE, EDGE))
    if image.mode in {"RGBA", "LA", "P", "PA"}:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image.convert("RGB")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    content = sys.stdin.buffer.read()
    draw = _page if content.startswith(b"%PDF-") else _picture
    image, (width, height) = draw(content)
    drawn = BytesIO()
    _flat(image).save(drawn, "JPEG", quality=80, optimize=True)
    header = json.dumps({"width": width, "height": height})
    sys.stdout.buffer.write(header.encode() + b"\n" + drawn.getvalue())


if __name__ == "__main__":
    main()
