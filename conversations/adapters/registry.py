"""The whole registration: one line a channel."""

from conversations.adapters.base import Adapter
from conversations.adapters.email.adapter import EmailAdapter
from conversations.adapters.line.adapter import LineAdapter
from conversations.adapters.phone.adapter import PhoneAdapter
from conversations.adapters.webchat.adapter import WebChatAdapter
from conversations.choices import Channel

ADAPTERS: dict[str, type[Adapter]] = {
    Channel.WEBCHAT: WebChatAdapter,
    Channel.PHONE: PhoneAdapter,
    Channel.LINE: LineAdapter,
    Channel.EMAIL: EmailAdapter,
}
