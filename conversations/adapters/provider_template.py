"""Templates that a provider has approved: what may be sent outside the window."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TemplateVariable:
    """A gap in a provider's template. `place` is header, body or button.

    `name` is empty where the provider counts them; `index` is the button's.
    """

    place: str
    label: str
    name: str = ""
    example: str = ""
    index: int = 0
    kind: str = "text"


@dataclass(frozen=True)
class ProviderTemplate:
    """A template the provider has approved; gaps stand in its texts as {{label}}.

    `header_file` is the kind of file it needs above its text, empty for none.
    """

    name: str
    language: str
    body: str
    header: str = ""
    footer: str = ""
    buttons: Sequence[str] = ()
    variables: Sequence[TemplateVariable] = ()
    header_file: str = ""
    category: str = ""
