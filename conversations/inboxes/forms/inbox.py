from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agentdesk.web.fields import LineField, ProseField
from conversations.inquiries.forms.name import NameForm
from conversations.models import Inbox, Queue


class NewInboxForm(forms.Form):
    """Which channel, and what members call it."""

    channel = forms.ChoiceField(label=_("Channel"), widget=forms.RadioSelect)
    name = LineField(
        label=_("Name"),
        max_length=60,
        help_text=_("Only members see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_simulated = forms.BooleanField(required=False)

    def __init__(self, *args: Any, channels: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(channel, channel) for channel in channels]


class InboxTextsForm(NameForm):
    """What members call a connected inbox, where it leads, and what it says itself."""

    queue = forms.ModelChoiceField(Queue.objects.none(), label=_("Queue"))
    signature = ProseField(
        label=_("Signature"),
        max_length=2000,
        required=False,
        help_text=_("Stands below every email."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    greeting = ProseField(
        label=_("Greeting"),
        max_length=1000,
        required=False,
        help_text=_(
            "Sent by itself when a customer opens a new inquiry. Empty: nothing is sent."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    away = ProseField(
        label=_("Away message"),
        max_length=1000,
        required=False,
        help_text=_(
            "Sent by itself outside the hours, once an inquiry. Empty: nothing is sent."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, inbox: Inbox, data: Any, *, has_signature: bool) -> None:
        shown = inbox.connection
        initial = {
            "name": inbox.name,
            "queue": inbox.queue_id,
            "signature": shown.signature,
            "greeting": shown.greeting,
            "away": shown.away,
        }
        super().__init__(data, initial=initial)
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)
        queue.queryset = Queue.objects.filter(account=inbox.account_id)
        queue.empty_label = None
        if not has_signature:
            del self.fields["signature"]
