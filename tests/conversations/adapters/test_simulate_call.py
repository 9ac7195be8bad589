"""manage.py simulate_call: a PBX for trying out, over the real API."""

import pytest
from django.core.management import CommandError, call_command

from conversations.choices import CallState
from conversations.models import Call, InboxApiKey
from tests.conversations.phone import phone_inbox_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_rings_the_extension_and_leaves_no_valid_key(
    account, queue, agent, live_server
):
    phone_inbox_of(account, queue)
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    call_command("simulate_call", caller="0312345678", to="201", url=live_server.url)
    call = Call.objects.get()
    assert (call.state, call.member) == (CallState.RINGING, agent)
    assert not InboxApiKey.objects.filter(revoked_at=None).exists()


def test_it_rings_the_desk_on_the_port_that_make_run_was_given(
    account, queue, agent, live_server, monkeypatch
):
    phone_inbox_of(account, queue)
    agent.extension = "201"
    agent.save(update_fields=["extension"])
    monkeypatch.setenv("PORT", live_server.url.rpartition(":")[2])
    call_command("simulate_call", caller="0312345678", to="201")
    assert Call.objects.get().member == agent


def test_it_says_in_a_sentence_that_no_desk_answers(account, queue):
    phone_inbox_of(account, queue)
    with pytest.raises(CommandError, match="No desk answers"):
        call_command(
            "simulate_call", caller="0312345678", to="201", url="http://127.0.0.1:9"
        )


def test_it_says_in_a_sentence_that_there_is_no_phone_inbox(db):
    with pytest.raises(CommandError, match="no active phone inbox"):
        call_command("simulate_call", caller="0312345678", to="201")
