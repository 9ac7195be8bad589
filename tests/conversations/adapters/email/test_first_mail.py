"""A mail to a customer who has written none."""

import json
import re
from uuid import uuid4

import pytest

from tests.conversations.providers.email import CUSTOMER
from tests.factories.customers import IdentityFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_left_alone", [True, False])
def test_a_first_mail_answers_nothing_and_its_usual_subject_is_shown(
    box, agent, conversation, client_of, esp, is_left_alone
):
    identity = IdentityFactory(
        customer=conversation.customer, kind="email", value=CUSTOMER
    )
    http = client_of(agent)
    via = f"{box.inbox.pk}:{identity.pk}"
    page = http.get(f"/conversations/{conversation.pk}/compose/extra/", {"via": via})
    usual = f"{conversation.account.name}からのお知らせ"
    field = re.search(r'name="subject"[^>]* value="([^"]*)"', page.content.decode())
    assert field is not None
    assert field[1] == usual
    form = {
        "kind": "reply",
        "body": "入荷しました。",
        "client_id": str(uuid4()),
        "via": via,
        "subject": field[1] if is_left_alone else "",
    }
    with box.committing(execute=True):
        answer = http.post(f"/conversations/{conversation.pk}/compose/", form)
    assert answer.status_code == 201
    ((request, _answer),) = esp.log
    assert json.loads(request.data)["Subject"] == usual
