"""Refusals, each with a sentence fit for the screen."""

from django.utils.translation import gettext as _

from customers.models import Customer


class InvalidIdentityError(Exception):
    def __init__(self) -> None:
        super().__init__(_("This is not a valid phone number or address."))


class IdentityTakenError(Exception):
    """The address already belongs to `customer`, another one of the same account."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        super().__init__(
            _("This already belongs to %(name)s.") % {"name": customer.name}
        )


class ClaimRefutedError(Exception):
    def __init__(self) -> None:
        super().__init__(_("A colleague has marked this as not theirs."))


class EditConflictError(Exception):
    """Somebody else changed `fields` of `customer`, which holds what they wrote."""

    def __init__(self, customer: Customer, fields: list[str]) -> None:
        self.customer = customer
        self.fields = fields
        super().__init__(
            _("Somebody else has changed this meanwhile. Nothing was saved yet.")
        )
