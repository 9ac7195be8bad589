"""The colours of all channels, as the one stylesheet that every page has.

`manage.py icons` writes it anew; `make check` says when it has to.
"""

from pathlib import Path

from django.conf import settings

from conversations.adapters.registry import ADAPTERS

_HEAD = """/* Written by `make icons` from the `about` of each adapter. */
/* Each channel has a hue and a mark of its own; never the only thing that tells them apart. */
"""
_RULE = """
.channel[data-channel="{channel}"] {{
  color: light-dark({light}, {dark});
  --mark: {mark};{solid}
}}
"""


def colours() -> str:
    rules = []
    for channel, adapter in ADAPTERS.items():
        about, (light, dark) = adapter.about, adapter.about.colours
        solid = "\n  --icon-fill: currentcolor;" if about.is_solid else ""
        rules.append(
            _RULE.format(
                channel=channel, light=light, dark=dark, mark=about.mark, solid=solid
            )
        )
    return _HEAD + "".join(rules)


def colours_path() -> Path:
    return Path(settings.BASE_DIR) / "agentdesk/static/agentdesk/css/channels.css"
