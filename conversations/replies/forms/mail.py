"""What the composer adds to a reply that goes as a mail."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.adapters.email.address import addresses_of
from conversations.adapters.email.subject import MAX_SUBJECT
from conversations.contents.email import ComposedMail, Email
from conversations.contents.side_thread import SideThread
from conversations.exceptions import RefusalError
from conversations.models import Message
from conversations.models.message import MAX_BODY
from conversations.replies.actions.forward_mail import Forward
from customers.people.text import (
    clean_text,
    normalise_email,
    storable_html,
    stored_text,
)

MOST_RECIPIENTS = 50
_SEPARATORS = re.compile("[,;、，\n]+")
_MAX_HTML = 500_000


class AddressRefusedError(RefusalError):
    """Something among the recipients is no address, or there are too many."""


def written_mail(post: QueryDict) -> dict[str, Any]:
    """A `ComposedMail` as data of the reply; empty where nothing of a mail was written.

    Raises AddressRefusedError.
    """
    answers = post.get("answers", "")
    is_number = answers.isascii() and answers.isdecimal() and len(answers) < 19
    composed = ComposedMail(
        subject=" ".join(stored_text(post.get("subject", "")).split())[:MAX_SUBJECT],
        cc=recipients(post.getlist("cc")),
        bcc=recipients(post.getlist("bcc")),
        html=storable_html(post.get("html", "")[:_MAX_HTML]),
        answers=int(answers) or None if is_number else None,
    )
    return composed.as_data() if composed.as_json() else {}


def recipients(lines: Sequence[str]) -> list[list[str]]:
    """Name and address of each. Raises AddressRefusedError."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if not line.strip():
            continue
        read = addresses_of(clean_text(line).encode("utf-8", "replace"))
        valid = [one for one in read if normalise_email(one.address)]
        if not valid or len(valid) != len(read):
            text = _("“%(text)s” is no email address.")
            raise AddressRefusedError(text % {"text": line.strip()[:100]})
        for one in valid:
            found.setdefault(one.address.lower(), [stored_text(one.name), one.address])
    if len(found) > MOST_RECIPIENTS:
        text = _("At most %(count)s recipients at once.")
        raise AddressRefusedError(text % {"count": MOST_RECIPIENTS})
    return list(found.values())


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        every = data if isinstance(data, list | tuple) else [data]
        single = super().clean
        found = [single(one, initial) for one in every if one]
        if self.required and not found:
            single(None, initial)
        return found


class ForwardForm(forms.Form):
    """A mail passed on to somebody outside, or a further word to them."""

    client_id = forms.UUIDField(widget=forms.HiddenInput())
    to = forms.CharField(
        label=gettext_lazy("To whom"),
        max_length=320,
        widget=forms.TextInput(attrs={"inputmode": "email", "autofocus": True}),
    )
    cc = forms.CharField(
        label=gettext_lazy("Cc, separated by commas"),
        max_length=2_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )
    body = forms.CharField(
        label=gettext_lazy("Your words"), max_length=MAX_BODY, widget=forms.Textarea()
    )
    more_files = FilesField(label=gettext_lazy("More files"), required=False)
    with_files = forms.BooleanField(
        label=gettext_lazy("With its files"), required=False
    )

    def __init__(
        self,
        data: QueryDict | None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        source: Message,
    ) -> None:
        side = SideThread.of(source)
        initial: dict[str, Any] = {"client_id": uuid4(), "with_files": not side}
        if side:
            initial["to"] = side.address
            copies = (Email.of(source) or Email()).cc
            initial["cc"] = ", ".join(address for _name, address in copies)
        super().__init__(data, files, initial=initial)
        if side:
            self.fields["to"].widget.attrs["readonly"] = True

    def clean_to(self) -> list[str]:
        try:
            addresses = recipients([self.cleaned_data["to"]])
        except AddressRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if len(addresses) != 1:
            raise forms.ValidationError(_("Write to one address."))
        return addresses[0]

    def clean_cc(self) -> list[list[str]]:
        try:
            return recipients(_SEPARATORS.split(self.cleaned_data["cc"]))
        except AddressRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def written(self) -> Forward:
        data = self.cleaned_data
        return Forward(
            to=data["to"], body=data["body"], client_id=data["client_id"], cc=data["cc"]
        )
