"""What all settings pages share: who may open them, and the navigation beside them.

Every app registers its own pages when it starts; nothing here knows them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.roles import Permission
from agentdesk.web.http import DeskRequest, signed_in


@dataclass(frozen=True)
class SettingsEntry:
    """One page of the navigation. `url_name` takes the account's slug.

    Entries are sorted by `position`; the group's heading stands above its first.
    `also` names pages that belong to it; `count` is what its badge says, if not 0.
    """

    url_name: str
    label: str | Promise
    icon: str
    group: str | Promise
    position: int
    permission: Permission = Permission.MANAGE_SETTINGS
    also: tuple[str, ...] = ()
    count: Callable[[ClientAccount], int] | None = None


_entries: dict[str, SettingsEntry] = {}


def register(*entries: SettingsEntry) -> None:
    _entries.update({entry.url_name: entry for entry in entries})


def entries_for(access: Access, account: ClientAccount) -> list[SettingsEntry]:
    """The pages this user may open for that account, in the order of the navigation."""
    return sorted(
        (
            entry
            for entry in _entries.values()
            if access.allows(entry.permission, account.pk)
        ),
        key=lambda entry: entry.position,
    )


def manageable_accounts(access: Access) -> list[ClientAccount]:
    """The accounts of which this user may open at least one settings page."""
    return [account for account in access.accounts if entries_for(access, account)]


def managing(
    permission: Permission,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """For views of `/settings/<slug>/…`: they get the account in place of the slug.

    404 for people without a place in the account, 403 without the permission.
    """

    def decorate(
        view: Callable[..., HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        def guarded(
            request: DeskRequest, *, slug: str, **kwargs: Any
        ) -> HttpResponseBase:
            for account in request.access.accounts:
                if account.slug == slug:
                    request.access.require(permission, account.pk)
                    return view(request, account, **kwargs)
            raise Http404

        update_wrapper(guarded, view)
        return signed_in(guarded)

    return decorate


def announce(response: HttpResponse, text: str, *, focus: str = "") -> HttpResponse:
    """Let screen readers hear what a change has done, without a toast for the eyes.

    `focus` is the id of the element that the keyboard goes on from.
    """
    detail = {"text": text, "focus": focus}
    return trigger_client_event(response, "announce", detail, after="settle")
