"""How the desk shows a channel, and what it knows of the addresses customers have there."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class AddressKind:
    """A kind of identity that is the channel's own; `value` is stored with each.

    `is_number`: they are phone numbers, and found as such. `verbatim`: what the
    provider gives out beside numbers, and is taken as it is.
    """

    value: str
    is_number: bool = False
    verbatim: re.Pattern[str] | None = None


@dataclass(frozen=True)
class About:
    """`summary` is the sentence of the chooser, `icon` a name of Lucide's.

    `colours`: of its name on a light and on a dark page. `mark`: the tile of the icon,
    which stands white on it; the provider's own where people know it by that. `is_solid`:
    the icon is filled. `address`: only where customers
    have addresses of the channel's own. `settings_page` names the URL of a page that is
    no stepper; with `#`, the row of the inbox on it. `also_called`: what people write for
    it in a file, in small letters.
    """

    summary: str | Promise
    icon: str
    colours: tuple[str, str]
    mark: str = "#61666e"
    is_solid: bool = False
    address: AddressKind | None = None
    settings_page: str = ""
    also_called: tuple[str, ...] = ()
