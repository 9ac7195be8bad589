"""A choice of members that is also found by typing their name or its reading."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from agentdesk.accounts.models import Membership
from agentdesk.accounts.readings import search_words


class PersonSelect(forms.Select):
    """person-select.js puts a search field before it; without scripts it is a select."""

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words = gettext("Name or reading")
        context["widget"]["attrs"] |= {"data-person-select": words}
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        option = super().create_option(name, value, *args, **kwargs)
        member = getattr(value, "instance", None)
        if isinstance(member, Membership):
            option["attrs"]["data-words"] = " ".join(search_words(member.user))
        return option
