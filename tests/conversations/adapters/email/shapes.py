"""Mails as they really come, in as few lines as show it, and what a person reads.

Each stands for a shape met in the test suites of other mail readers (mikel/mail,
MimeKit, flanker, Zammad, Chatwoot, Proton Bridge); the words are ours.
"""

import base64

HEAD = "From: Hanako <hanako@example.jp>\nTo: us@kogane.example\nSubject: s\n"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8)).decode()
ROOT = "Content-Type: multipart/mixed; boundary=x\n\n"
TEXT = "--x\nContent-Type: text/plain; charset=utf-8\n\nこんにちは\n"
END = "--x--\n"


def part(*fields: str, body: str = "x") -> str:
    return "--x\n" + "\n".join(fields) + f"\n\n{body}\n"


def _mixed(*parts: str) -> str:
    return HEAD + ROOT + TEXT + "".join(parts) + END


SHAPES: dict[str, tuple[str | bytes, dict[str, object]]] = {
    "a packing that is a kind": (
        HEAD + "Content-Type: text/html\nContent-Transfer-Encoding: text/html\n\n"
        "<p>こんにちは</p>",
        {"text": "こんにちは"},
    ),
    "a packing that is a charset": (
        HEAD + "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: UTF-8\n\nこんにちは",
        {"text": "こんにちは"},
    ),
    "a boundary beyond ASCII": (
        HEAD + 'Content-Type: multipart/mixed; boundary="b-µ"\n\n'
        "--b-µ\nContent-Type: text/html; charset=UTF-8\n\nHello\n--b-µ--\n",
        {"text": "Hello"},
    ),
    "a boundary that begins and ends with dashes": (
        HEAD + 'Content-Type: multipart/alternative; boundary="--1.T--"\n\n'
        "----1.T--\nContent-Type: text/plain\n\nHi\n"
        "----1.T--\nContent-Type: text/html\n\n<b>Hi</b>\n----1.T----\n",
        {"text": "Hi"},
    ),
    "an inner boundary that begins like the outer": (
        HEAD + "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
        "Content-Type: multipart/alternative; boundary=x_alt\n\n"
        "--x_alt\nContent-Type: text/plain\n\nHi\n--x_alt--\n"
        + part("Content-Type: image/png; name=a.png", body="p")
        + END,
        {"text": "Hi", "files": ["a.png"]},
    ),
    "two kinds, the first with the parts": (
        HEAD
        + "Content-Type: multipart/mixed; boundary=x\nContent-type: text/plain\n\n"
        + TEXT
        + END,
        {"text": "こんにちは"},
    ),
    "two kinds, the second with the parts": (
        HEAD
        + "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=x\n\n"
        + TEXT
        + part("Content-Type: text/csv; name=a.csv")
        + END,
        {"text": "こんにちは", "files": ["a.csv"]},
    ),
    "no boundary told": (
        HEAD + "Content-Type: multipart/mixed\n\n" + TEXT + END,
        {"text": "こんにちは"},
    ),
    "parts without a kind of their whole": (
        HEAD
        + "MIME-Version: 1.0\n\n"
        + TEXT
        + part("Content-Type: text/csv; name=a.csv")
        + END,
        {"text": "こんにちは", "files": ["a.csv"]},
    ),
    "a place that is an encoded word": (
        HEAD + "Content-Type: text/html; charset=utf-8\n"
        "Content-Disposition: =?utf-8?Q?invalid?=\n\n<p>foo</p>",
        {"text": "foo", "files": []},
    ),
    "an empty kind of a file": (
        _mixed(
            part(
                'Content-Type: ; name="a.jpg"',
                'Content-Disposition: attachment; filename="a.jpg"',
            )
        ),
        {"text": "こんにちは", "files": ["a.jpg"]},
    ),
    "a long name in pieces beside the same in words": (
        _mixed(
            part(
                "Content-Disposition: attachment;\n"
                "\tfilename*0*=utf-8''%E3%81%8B%E3%81%8D;\n\tfilename*1*=%E3%81%8F.txt",
                'Content-Type: text/plain; name="=?utf-8?B?44GL44GN?=\n =?utf-8?B?44GPLnR4dA==?="',
            )
        ),
        {"files": ["かきく.txt"]},
    ),
    "a name in words without quotes": (
        _mixed(
            part(
                "Content-Type: application/pdf; name==?utf-8?B?6KuL5rGC5pu4LnBkZg==?=",
                "Content-Disposition: attachment",
            )
        ),
        {"files": ["請求書.pdf"]},
    ),
    "a raw name in a mail of another charset": (
        HEAD
        + ROOT
        + "--x\nContent-Type: text/plain; charset=iso-8859-1\n\nhi\n"
        + part(
            "Content-Type: image/jpg",
            'Content-Disposition: attachment; filename="Hofjägeralle.jpg"',
        )
        + END,
        {"text": "hi", "files": ["Hofjägeralle.jpg"]},
    ),
    "a quote that never ends": (
        HEAD + 'Content-Type: text/plain; charset="utf-8\n\nこんにちは',
        {"text": "こんにちは"},
    ),
    "a charset that was packed": (
        HEAD + 'Content-Type: text/html; charset=3D"utf-8"\n\n<p>こんにちは</p>',
        {"text": "こんにちは"},
    ),
    "charsets by their other names": (
        HEAD.encode()
        + b"Content-Type: text/plain; charset=ks_c_5601-1987\n\n"
        + "안녕하세요".encode("cp949"),
        {"text": "안녕하세요"},
    ),
    "base64 that is none": (
        HEAD + "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nHello",
        {"text": "Hello"},
    ),
    "quoted-printable with blanks and what is none": (
        HEAD + "Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: Quoted-Printable\n\n=e3=81=82= \n=E3=81=84=ZZ=",
        {"text": "あい=ZZ"},
    ),
    "an answer address that is none": (
        HEAD + 'Reply-To: <"">\n\nhi',
        {"from": ("Hanako", "hanako@example.jp")},
    ),
    "a recipient told twice in one": (
        HEAD.replace("us@", "<us@kogane.example>us@") + "\nhi",
        {"to": ["us@kogane.example"]},
    ),
    "a comma before the first": (
        HEAD.replace("To: ", "To: , a@example.jp, ") + "\nhi",
        {"to": ["a@example.jp", "us@kogane.example"]},
    ),
    "a blank line among recipients": (
        HEAD.replace("To: ", "To: a@example.jp,\n\t\n\t") + "\nhi",
        {"to": ["a@example.jp", "us@kogane.example"], "text": "hi"},
    ),
    "a name with a false address": (
        HEAD.replace("Hanako", "=?utf-8?Q?boss=40kogane.example_=3Cx=40y.jp=3E?=")
        + "\nhi",
        {"from": ("boss@kogane.example x@y.jp", "hanako@example.jp")},
    ),
    "a name without quotes that has an at": (
        HEAD.replace("Hanako", "hanako@exam") + "\nhi",
        {"from": ("hanako@exam", "hanako@example.jp")},
    ),
    "a picture in its place without a disposition": (
        HEAD
        + "Content-Type: multipart/related; boundary=x\n\n"
        + part(
            "Content-Type: text/html; charset=utf-8",
            body='<p>見て</p><img src="cid:p1">',
        )
        + part(
            "Content-Type: image/png",
            "Content-Transfer-Encoding: base64",
            "Content-ID: p1",
            body=PNG,
        )
        + END,
        {"text": "見て", "files": ["image-1.png"], "inline": ["image-1.png"]},
    ),
    "only a file": (
        HEAD + "Content-Type: application/pdf; name=a.pdf\n"
        "Content-Transfer-Encoding: base64\n\nJVBERi0=\n",
        {"text": "", "files": ["a.pdf"]},
    ),
    "a part that stands elsewhere": (
        _mixed(
            part(
                'Content-Type: message/external-body; access-type=URL; name="a.pdf"',
                body="Content-Type: application/pdf\n\n",
            )
        ),
        {"text": "こんにちは", "files": ["a.pdf"]},
    ),
    "a mail in a mail under base64": (
        _mixed(
            part(
                "Content-Type: message/rfc822",
                "Content-Transfer-Encoding: base64",
                body=base64.b64encode(b"Subject: inner\n\nhi").decode(),
            )
        ),
        {"files": ["inner.eml"]},
    ),
    "a NUL among the words": (HEAD + "\nこん\0にちは", {"text": "こんにちは"}),
    "no blank line after the header": (
        HEAD + "Content-Type: text/plain; charset=utf-8\nこんにちは、山田です。\n",
        {"text": "こんにちは、山田です。"},
    ),
    "a content type as an encoded word": (
        HEAD + "Content-Type: =?utf-8?Q?text/html;_charset=3Dutf-8?=\n\n"
        "<p>こんにちは</p>",
        {"text": "こんにちは", "files": []},
    ),
    "parts whose boundary is in an encoded word": (
        HEAD
        + "Content-Type: =?utf-8?Q?multipart/mixed;_boundary=3D=22x=22?=\n\n"
        + TEXT
        + part("Content-Type: image/png; name=a.png")
        + END,
        {"text": "こんにちは", "files": ["a.png"]},
    ),
    "a name and a bracket that are never closed": (
        HEAD.replace("Hanako <hanako@example.jp>", '"Hanako <hanako@example.jp"')
        + "\nこんにちは",
        {"text": "こんにちは", "from": ("Hanako", "hanako@example.jp")},
    ),
    "a group of nobody as the author": (
        HEAD.replace("Hanako <hanako@example.jp>", "窓口:;")
        + "Sender: hanako@example.jp\n\nこんにちは",
        {"from": ("窓口", "hanako@example.jp")},
    ),
    "an invitation beside words that are empty": (
        HEAD
        + "Content-Type: multipart/alternative; boundary=x\n\n"
        + part("Content-Type: text/plain", body="")
        + part(
            "Content-Type: text/calendar; charset=utf-8; method=REQUEST",
            body="BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:打ち合わせ\nEND:VEVENT",
        )
        + END,
        {"text": "打ち合わせ"},
    ),
}
