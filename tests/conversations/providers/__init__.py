"""How each provider behaves towards us: a module a channel, found by its name.

The contract tests ask them; the tests of a channel use `connected` and `post`.
"""

from importlib import import_module
from importlib.util import find_spec

from conversations.choices import Channel
from tests.conversations.providers.base import Provider

PROVIDERS: dict[str, Provider] = {
    channel: import_module(f"{__name__}.{channel.value}").PROVIDER
    for channel in Channel
    if find_spec(f"{__name__}.{channel.value}")
}
