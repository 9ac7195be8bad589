"""More mails as they really come: what stands around a field, and files called words.

Met in the mails that enmime, KDE's messagelib and Request Tracker are tested with, and
in those of Android and of carriers; the words are ours.
"""

from tests.conversations.adapters.email.shapes import END, HEAD, PNG, ROOT, TEXT, part

HANAKO = ("Hanako", "hanako@example.jp")

ODD_SHAPES: dict[str, tuple[str | bytes, dict[str, object]]] = {
    "a mark of UTF-8 before the first field": (
        "\ufeff" + HEAD + "\nhi",
        {"text": "hi", "from": HANAKO},
    ),
    "a mark of UTF-8 before a later field": (
        "Received: x\n\ufeff" + HEAD + "\nhi",
        {"text": "hi", "from": HANAKO},
    ),
    "an indent before the first field": (" " + HEAD + "\nhi", {"from": HANAKO}),
    "an address over the relays of old": (
        HEAD.replace("<hanako", "<@relay.example:hanako") + "\nhi",
        {"from": HANAKO},
    ),
    "an address with its protocol": (
        HEAD.replace("<hanako", "<SMTP:hanako") + "\nhi",
        {"from": HANAKO},
    ),
    "an address in square brackets": (
        HEAD.replace("<hanako@example.jp>", "[hanako@example.jp]") + "\nhi",
        {"from": ("", "hanako@example.jp")},
    ),
    "a domain with its last dot": (
        HEAD.replace("example.jp>", "example.jp.>") + "\nhi",
        {"from": HANAKO},
    ),
    "a file that is called words": (
        HEAD + "Content-Type: text/plain; name=order.pdf\n"
        "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQKJeLjz9MK\n",
        {"text": "", "files": ["order.pdf"]},
    ),
    "a picture that is called words and has no name": (
        HEAD
        + ROOT
        + part(
            "Content-Type: text/plain", "Content-Transfer-Encoding: base64", body=PNG
        )
        + TEXT
        + END,
        {"text": "こんにちは", "files": ["image-1.png"]},
    ),
    "words that are called anything": (
        HEAD + "Content-Type: application/octet-stream\n\nこんにちは",
        {"text": "こんにちは"},
    ),
    "bytes that are called anything": (
        HEAD.encode() + b"Content-Type: application/octet-stream\n\n\x00\x01\x02",
        {"text": "", "files": ["application-1.bin"]},
    ),
    "an emoji as Java writes it": (
        HEAD.encode()
        + b"Content-Type: text/plain; charset=utf-8\n\nok \xed\xa0\xbd\xed\xb8\x80",
        {"text": "ok 😀"},
    ),
}
