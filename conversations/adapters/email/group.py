"""Mail that came through the shop's own group, which may put its address into From."""

import re
from dataclasses import replace

from conversations.adapters.email.address import Address, addresses_of
from conversations.adapters.email.header import Fields, text_of
from conversations.adapters.email.mime import Mail
from conversations.adapters.email.verdict import Verdict, is_forged

# Where Google Groups and Mailman leave the author when they rewrite From for DMARC.
_AUTHORS = ("x-original-from", "x-original-sender", "reply-to")
_OF_GROUP = ("list-post", "mailing-list")
_ANY_ADDRESS = re.compile(r"[^\s<>,;:\"'()]{1,100}@[\w.-]{1,200}")
_VIA = re.compile(r"'?\s+via\s.*\Z", re.IGNORECASE | re.DOTALL)


def own_group(mail: Mail, fields: Fields, own_address: str) -> set[str]:
    """The addresses of a group of the shop's own domain that handed this mail on.

    Its mail is no newsletter: the group is another name of the mailbox. Empty where
    somebody else only writes under its name.
    """
    domain = own_address.rpartition("@")[2].lower()
    written = " ".join(text_of(fields.first(name)) for name in _OF_GROUP)
    every = {found.lower() for found in _ANY_ADDRESS.findall(written)}
    group = {one for one in every if one.rpartition("@")[2] == domain}
    is_by_group = mail.from_ is not None and mail.from_.address.lower() in group
    return set() if is_by_group and is_forged(mail.verdict) else group


def with_author(mail: Mail, fields: Fields, group: set[str]) -> Mail:
    """The mail as its author sent it, where the group stands in From instead of them.

    What a server has vouched for is the group, so the author stays unverified. A member
    may write under the group's address themselves: that is no rewriting. And a Reply-To
    that leads to the group would send the answer back to ourselves.
    """
    answers = tuple(one for one in mail.reply_to if one.address.lower() not in group)
    sender = mail.from_
    if sender is None or sender.address.lower() not in group:
        return replace(mail, reply_to=answers)
    is_rewritten = fields.first("x-original-from") or _VIA.search(sender.name)
    author = _author(fields, group)
    if author is None or not is_rewritten:
        return mail
    name = author.name or _VIA.sub("", sender.name).strip(" '\"")
    return replace(
        mail, from_=Address(name, author.address), reply_to=(), verdict=Verdict()
    )


def _author(fields: Fields, group: set[str]) -> Address | None:
    for name in _AUTHORS:
        for one in addresses_of(fields.first(name)):
            if one.address.lower() not in group:
                return one
    return None
