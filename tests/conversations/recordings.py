"""What the tests of odd recordings share: posting as the provider, and looking."""

from django.urls import reverse

from conversations.models import Conversation, Message, ProviderEvent
from tests.conversations.providers import PROVIDERS


def post(inbox, body):
    assert PROVIDERS[inbox.channel].post(inbox, body).status_code == 200


def received():
    return Message.objects.filter(kind="text", direction="inbound").order_by("pk")


def states():
    return list(ProviderEvent.objects.order_by("pk").values_list("state", flat=True))


def shown(client_of, agent):
    url = reverse("desk:workspace", args=[Conversation.objects.get().pk])
    return client_of(agent).get(url).content.decode()
