"""One person is one customer, whichever of their addresses is heard of first."""

from collections.abc import Callable

import pytest

from customers.people.actions.identify import identify_address
from tests.conversations.inbound.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_number_that_writes_by_two_channels_at_once_is_one_customer(account):
    def contact_on(channel: str, *addresses: tuple[str, str, str]) -> Callable[[], int]:
        def identify() -> int:
            first, also = addresses[0], addresses[1:]
            made = identify_address(account, first, also=also, source=channel)
            return made.customer_id

        return identify

    for number in range(6):
        phone = ("phone", f"+81901234000{number}", "")
        whatsapp = ("whatsapp", phone[1], "")
        found = at_once(
            contact_on("sms", phone), contact_on("whatsapp", whatsapp, phone)
        )
        assert len(set(found)) == 1
