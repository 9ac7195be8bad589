"""The way back of an admin whom nobody else can help."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from agentdesk.audit.models import AuditEntry
from tests.agentdesk.accounts.test_sign_in import give_totp, sign_in

pytestmark = pytest.mark.django_db
NEW = "tokyo-tanuki-77"


def link_of(capsys, *arguments: str) -> str:
    call_command("recovery_link", *arguments)
    return capsys.readouterr().out.strip()


def test_a_sole_admin_chooses_a_new_password_once(admin, client, capsys):
    link = link_of(capsys, admin.user.email.upper())
    form = client.get(link).url
    client.post(form, {"password1": NEW, "password2": NEW})
    assert sign_in(client, admin, password=NEW).url == "/"
    assert client.get(link, follow=True).redirect_chain == []
    entry = AuditEntry.objects.get(action="user.recovery_link_issued")
    assert (entry.target_id, entry.actor) == (admin.user_id, None)


def test_a_lost_phone_is_taken_off_and_the_password_asked_for(admin, client, capsys):
    give_totp(admin)
    link = link_of(capsys, admin.user.email)
    assert Authenticator.objects.filter(user=admin.user).exists()
    link = link_of(capsys, admin.user.email, "--lost-phone")
    assert not Authenticator.objects.filter(user=admin.user).exists()
    form = client.get(link).url
    client.post(form, {"password1": NEW, "password2": NEW})
    assert sign_in(client, admin, password=NEW).url == "/"


def test_nobody_else_comes_in_this_way(agent):
    with pytest.raises(CommandError, match="Nobody"):
        call_command("recovery_link", "nobody@example.jp")
    agent.user.is_active = False
    agent.user.save(update_fields=["is_active"])
    with pytest.raises(CommandError, match="switched off"):
        call_command("recovery_link", agent.user.email)
