from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import Colour
from agentdesk.web.fields import ColourSelect, LineField, ProseField
from conversations.inboxes.forms.origins import read_origins
from conversations.models import Inbox

_QUESTIONS = ("ask_name", "ask_email", "ask_phone", "ask_subject")


def _prose(label: Any, *, rows: int = 2) -> ProseField:
    return ProseField(
        label=label,
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _switch(label: Any, help_text: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class WebChatForm(forms.Form):
    """All that one web chat lets people set, but for its secret."""

    name = LineField(
        label=_("Name"), max_length=60, help_text=_("Only members see it.")
    )
    colour = forms.ChoiceField(
        label=_("Colour"), choices=Colour.choices, widget=ColourSelect
    )
    title_ja = LineField(label=_("Title"), max_length=60, required=False)
    title_en = LineField(label=_("Title"), max_length=60, required=False)
    greeting_ja = _prose(_("Greeting"))
    greeting_en = _prose(_("Greeting"))
    away_ja = _prose(_("Away message"), rows=3)
    away_en = _prose(_("Away message"), rows=3)
    ask_before = _switch(_("Ask before the chat begins"))
    ask_name = _switch(pgettext_lazy("visitor", "Name"))
    ask_email = _switch(_("Email address"))
    ask_phone = _switch(_("Phone number"))
    ask_subject = _switch(_("Subject"))
    allowed_origins = ProseField(
        label=_("Sites that may carry the chat"),
        required=False,
        max_length=12_000,
        help_text=_(
            "One address a line, such as https://www.example.jp. "
            "Without any, only our own demo shop and preview may."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    allow_null_origin = _switch(
        _("Pages within an app may carry the chat"),
        _(
            "An app's own pages have no address: their requests say “Origin: null”, as "
            "those of any page without an address do. Leave this off unless your app "
            "carries the chat."
        ),
    )
    show_pickup = _switch(
        _("Show a pick-up code for calls"),
        _("Needs a telephone number in the general settings."),
    )

    def clean_allowed_origins(self) -> list[str]:
        return read_origins(self.cleaned_data["allowed_origins"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("ask_before") and not any(map(cleaned.get, _QUESTIONS)):
            self.add_error(
                "ask_before", gettext("Choose at least one thing to ask for.")
            )
        return cleaned


def initial_of(inbox: Inbox) -> dict[str, Any]:
    chat = inbox.webchat
    shown = {
        name: getattr(chat, name)
        for name in WebChatForm.base_fields
        if hasattr(chat, name)
    }
    return shown | {
        "name": inbox.name,
        "allowed_origins": "\n".join(chat.allowed_origins),
    }
