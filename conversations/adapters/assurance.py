"""Whether an address is really that of who uses it."""

from enum import StrEnum


class Assurance(StrEnum):
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"  # nobody says so, nor the contrary
    FAILED = "failed"  # it was looked into, and is not
