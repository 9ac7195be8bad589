"""Telephone numbers of an account: kept as E.164, shown as its region writes them."""

import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberFormat


def read_number(text: str, region: str) -> str:
    """E.164 of a number that is valid in the region (or with +country); else empty."""
    folded = unicodedata.normalize("NFKC", text)
    try:
        number = phonenumbers.parse(folded, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or number.extension:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def national(value: str, region: str) -> str:
    """03-5550-1000 at home, +44 20 … for a number of another country."""
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return value
    at_home = phonenumbers.country_code_for_region(region) == number.country_code
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def example_number(region: str) -> str:
    number = phonenumbers.example_number(region)
    if number is None:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
