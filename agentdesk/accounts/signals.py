"""What happened, for those who keep a record of it or reckon by it."""

from django.dispatch import Signal

# request, user (None where nobody signs in with that address)
sign_in_failed = Signal()

# account: ClientAccount. When it is open has changed, in the same transaction.
hours_changed = Signal()
