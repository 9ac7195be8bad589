"""What happened at sign-in, for those who keep a record of it."""

from django.dispatch import Signal

# request, user (None where nobody signs in with that address)
sign_in_failed = Signal()
