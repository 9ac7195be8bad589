import factory
from factory.django import DjangoModelFactory

from conversations.choices import Channel
from conversations.models import (
    ContactReason,
    Conversation,
    Inbox,
    Queue,
    WebChatSettings,
)
from tests.factories.accounts import ClientAccountFactory
from tests.factories.customers import CustomerFactory


class QueueFactory(DjangoModelFactory):
    class Meta:
        model = Queue
        django_get_or_create = ("account", "is_default")

    account = factory.SubFactory(ClientAccountFactory)
    name = "受付"
    is_default = True


class InboxFactory(DjangoModelFactory):
    class Meta:
        model = Inbox

    account = factory.SubFactory(ClientAccountFactory)
    queue = factory.SubFactory(QueueFactory, account=factory.SelfAttribute("..account"))
    channel = Channel.PHONE
    name = factory.Sequence(lambda n: f"窓口{n}")


class WebChatFactory(DjangoModelFactory):
    class Meta:
        model = WebChatSettings

    inbox = factory.SubFactory(InboxFactory, channel=Channel.WEBCHAT)


class ContactReasonFactory(DjangoModelFactory):
    class Meta:
        model = ContactReason

    account = factory.SubFactory(ClientAccountFactory)
    name = factory.Sequence(lambda n: f"配送{n}")


class ConversationFactory(DjangoModelFactory):
    class Meta:
        model = Conversation

    customer = factory.SubFactory(CustomerFactory)
    account = factory.SelfAttribute("customer.account")
