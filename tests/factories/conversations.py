import factory
from factory.django import DjangoModelFactory

from conversations.choices import Channel
from conversations.models import (
    ContactReason,
    Conversation,
    Inbox,
    Inquiry,
    Queue,
    Template,
    WebChatSettings,
)
from conversations.replies.actions.template import search_keys
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


class TemplateFactory(DjangoModelFactory):
    class Meta:
        model = Template

    account = factory.SubFactory(ClientAccountFactory)
    name = factory.Sequence(lambda n: f"定型文{n}")
    folder = ""
    shortcut = ""
    body = "お世話になっております。"
    name_key = factory.LazyAttribute(lambda t: _keys(t)["name_key"])
    search_key = factory.LazyAttribute(lambda t: _keys(t)["search_key"])


def _keys(row) -> dict[str, str]:
    fields = ("name", "folder", "shortcut", "body")
    return search_keys({name: getattr(row, name) for name in fields})


class ConversationFactory(DjangoModelFactory):
    class Meta:
        model = Conversation

    customer = factory.SubFactory(CustomerFactory)
    account = factory.SelfAttribute("customer.account")


class InquiryFactory(DjangoModelFactory):
    class Meta:
        model = Inquiry

    conversation = factory.SubFactory(ConversationFactory)
    account = factory.SelfAttribute("conversation.account")
    queue = factory.SubFactory(QueueFactory, account=factory.SelfAttribute("..account"))
    reference = factory.Sequence(lambda n: f"R{n:02}-{n:04}")
    channel = Channel.WEBCHAT
