"""How each provider behaves towards us: a module a channel, one line in PROVIDERS.

The contract tests ask them; the tests of a channel use `connected` and `post`.
"""

from conversations.choices import Channel
from tests.conversations.providers import (
    email,
    instagram,
    line,
    messenger,
    sms,
    whatsapp,
    x,
)
from tests.conversations.providers.base import Provider

PROVIDERS: dict[str, Provider] = {
    Channel.EMAIL: email.PROVIDER,
    Channel.LINE: line.PROVIDER,
    Channel.SMS: sms.PROVIDER,
    Channel.X: x.PROVIDER,
    Channel.MESSENGER: messenger.PROVIDER,
    Channel.INSTAGRAM: instagram.PROVIDER,
    Channel.WHATSAPP: whatsapp.PROVIDER,
}
