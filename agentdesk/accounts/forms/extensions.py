"""The extensions of all members, on one page."""

import re
import unicodedata
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from agentdesk.accounts.models import ClientAccount, Membership

_EXTENSION = re.compile(r"[A-Za-z0-9*#._+-]{1,20}")


@dataclass
class ExtensionRow:
    member: Membership
    typed: str
    error: str = ""


class ExtensionsForm:
    """Reads `extension-<membership>`; who is not named keeps what they have."""

    def __init__(self, account: ClientAccount, data: QueryDict | None = None) -> None:
        members = (
            Membership.objects.filter(account=account)
            .select_related("user")
            .order_by("-is_active", "user__family_name", "user__given_name", "pk")
        )
        self._hidden = [m.extension for m in members if not m.is_active]
        self.rows = [
            ExtensionRow(member, _typed(member, data))
            for member in members
            if member.is_active
        ]
        for row in self.rows:
            row.error = self._error(row)

    def is_valid(self) -> bool:
        return not any(row.error for row in self.rows)

    @property
    def extensions(self) -> dict[int, str]:
        return {row.member.pk: row.typed for row in self.rows}

    def _error(self, row: ExtensionRow) -> str:
        if not row.typed:
            return ""
        if not _EXTENSION.fullmatch(row.typed):
            return _("Up to 20 letters, digits, * and #.")
        taken = [other.typed for other in self.rows if other is not row]
        if row.typed in taken:
            return _("Another member has this extension.")
        if row.typed in self._hidden:
            return _("A deactivated member has this extension.")
        return ""


def _typed(member: Membership, data: QueryDict | None) -> str:
    if data is None:
        return member.extension
    text = data.get(f"extension-{member.pk}", member.extension)
    return unicodedata.normalize("NFKC", text).strip()[:60]
