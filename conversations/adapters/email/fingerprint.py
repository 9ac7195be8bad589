"""Whether two mails are the same: their words and their files, whatever else differs."""

import hashlib

from conversations.adapters.email.html import MAX_READ, text_of_html
from conversations.adapters.email.mime import read_mail


def fingerprint(raw: bytes) -> str:
    """Equal for mails with the same sender, subject, words and files.

    Not the time, nor what servers on the way have added to the header: a mail that
    comes again by another way is the same.
    """
    mail = read_mail(raw)
    digest = hashlib.sha256()
    shown = text_of_html(mail.html[:MAX_READ]) if mail.html else ""
    author = mail.from_.address if mail.from_ else ""
    for text in (author, mail.subject, mail.text, shown):
        digest.update(" ".join(text.split()).encode("utf-8", "replace") + b"\0")
    for one in mail.attachments:
        content = hashlib.sha256(one.content).digest()
        digest.update(one.name.encode("utf-8", "replace") + b"\0" + content)
    return digest.hexdigest()
