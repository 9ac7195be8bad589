"""Small files of every kind, made as they are needed."""

import io

from PIL import Image


def picture(width=640, height=400, colour="#5b8def", kind="JPEG", **options) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(content, kind, **options)
    return content.getvalue()


def pdf(text: str = "Agentdesk") -> bytes:
    """One page, drawn by hand."""
    stream = f"BT /F1 40 Tf 60 700 Td ({text}) Tj ET 60 660 400 4 re f".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body = b"%PDF-1.4\n"
    for number, part in enumerate(parts, 1):
        body += b"%d 0 obj%s endobj\n" % (number, part)
    return body + b"trailer<</Root 1 0 R>>\n%%EOF"
