"""What a mail server found about who uses an address, kept with the address."""

from django.db import transaction
from django.utils import timezone

from customers.models import Identity
from customers.people.actions.identities import verify_identity
from customers.people.live import customer_changed


def record_assurance(identity: Identity, *, is_confirmed: bool) -> None:
    """A mail from that address was looked into: it was theirs, or pretended to be.

    Until a mail of theirs is confirmed, or a member says so, the panel warns of it.
    """
    if is_confirmed and (not identity.verified or identity.doubted_at is not None):
        row = verify_identity(identity, actor=None)
        identity.verified, identity.doubted_at = row.verified, row.doubted_at
    elif not is_confirmed and identity.doubted_at is None:
        _doubt(identity)


@transaction.atomic
def _doubt(identity: Identity) -> None:
    row = Identity.objects.select_for_update(of=("self",), no_key=True).get(
        pk=identity.pk
    )
    row.doubted_at = identity.doubted_at = timezone.now()
    row.save(update_fields=["doubted_at"])
    customer_changed(row.customer)
