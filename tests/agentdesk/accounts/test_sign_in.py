"""Signing in by password and second step, and what is not offered."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as AwayError

from agentdesk.accounts.models import Membership, Session
from agentdesk.audit.models import AuditEntry
from tests.factories.accounts import PASSWORD, MembershipFactory

LOGIN = "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def give_totp(member: Membership) -> None:
    TOTP.activate(member.user, SECRET)


def sign_in(client: Client, member: Membership, password: str = PASSWORD, **extra):
    data = {"login": member.user.email, "password": password, **extra}
    return client.post(LOGIN, data)


def test_right_password_leads_to_the_desk(client, agent):
    response = sign_in(client, agent)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/me/").status_code == 200


def test_sign_in_goes_on_to_the_page_that_was_asked_for(client, agent):
    response = client.get("/me/")
    assert response.url == "/accounts/login/?next=/me/"
    assert sign_in(client, agent, next="/me/").url == "/me/"


def test_sign_in_leads_to_no_other_host(client, agent):
    response = sign_in(client, agent, next="https://elsewhere.example/")
    assert response.url == "/"


def test_wrong_password_and_unknown_address_get_the_same_answer(client, agent):
    wrong = sign_in(client, agent, password="not-it-at-all").content.decode()
    unknown = client.post(
        LOGIN, {"login": "nobody@example.jp", "password": "x"}
    ).content.decode()
    sentence = "メールアドレスまたはパスワードが正しくありません"
    assert sentence in wrong
    assert sentence in unknown


def test_address_is_found_in_any_case(client, agent):
    data = {"login": agent.user.email.upper(), "password": PASSWORD}
    assert client.post(LOGIN, data).status_code == 302


def test_sixth_wrong_password_has_to_wait(client, agent):
    for _try in range(5):
        sign_in(client, agent, password="not-it-at-all")
    page = sign_in(client, agent).content.decode()
    assert "数分待って" in page
    assert not Session.objects.filter(user=agent.user).exists()


def test_sign_in_works_and_is_limited_while_valkey_is_away(client, agent, monkeypatch):
    def away(*args: object, **kwargs: object) -> None:
        raise AwayError

    for name in ("add", "get", "set", "delete", "incr", "touch"):
        monkeypatch.setattr(cache._cache, name, away)
    for _try in range(5):
        sign_in(client, agent, password="not-it-at-all")
    assert "数分待って" in sign_in(client, agent).content.decode()
    other = MembershipFactory(account=agent.account)
    assert sign_in(client, other).status_code == 302


def test_second_step_is_asked_for_and_a_code_passes(client, agent):
    give_totp(agent)
    response = sign_in(client, agent)
    assert response.url == "/accounts/2fa/authenticate/"
    assert client.get("/me/").status_code == 302
    assert (
        client.post(response.url, {"code": "000000"}).content.decode().count("コード")
    )
    assert client.get("/me/").status_code == 302
    assert client.post(response.url, {"code": code_now()}).url == "/"
    assert client.get("/me/").status_code == 200


def test_recovery_code_signs_in_once(client, agent):
    give_totp(agent)
    codes = RecoveryCodes.activate(agent.user).get_unused_codes()
    sign_in(client, agent)
    assert (
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code
        == 302
    )
    client.post("/accounts/logout/")
    sign_in(client, agent)
    assert (
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code
        == 200
    )


def test_totp_is_set_up_with_a_qr_code_and_sealed(
    client, agent, django_capture_on_commit_callbacks
):
    sign_in(client, agent)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    html = page.content.decode()
    assert "data:image/svg+xml;base64," in html
    assert 'style="' not in html
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert done.url == "/accounts/2fa/recovery-codes/"
    assert "<li><code>" in client.get(done.url).content.decode()
    stored = Authenticator.objects.get(user=agent.user, type="totp").data["secret"]
    assert secret not in stored
    assert AuditEntry.objects.filter(action="user.second_step_added").count() == 1


def test_setting_up_a_second_step_asks_for_the_password_first(client, agent, client_of):
    response = client_of(agent).get("/accounts/2fa/totp/activate/")
    assert response.url.startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "password/reset/",
        "login/code/",
        "3rdparty/",
    ],
)
def test_page_we_do_not_offer_is_missing(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_password_is_reset_by_mail_where_mail_is_set_up(
    client, agent, settings, mailoutbox
):
    settings.EMAIL_URL = "smtp://localhost"
    client.post("/accounts/password/reset/", {"email": agent.user.email})
    [mail] = mailoutbox
    link = next(word for word in mail.body.split() if "/password/reset/key/" in word)
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    form_address = page.redirect_chain[-1][0]
    new = "kumo-no-ue-8"
    client.post(form_address, {"password1": new, "password2": new})
    assert sign_in(client, agent, password=new).url == "/"
    assert "無効" in client.get(link.removeprefix("http://testserver")).content.decode()


def test_new_password_ends_the_other_sessions(client, agent, client_of):
    elsewhere = client_of(agent)
    sign_in(client, agent)
    new = "kumo-no-ue-8"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert client.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert Session.objects.filter(user=agent.user).count() == 1


def test_inactive_user_is_told_so(client, agent):
    agent.user.is_active = False
    agent.user.save(update_fields=["is_active"])
    response = sign_in(client, agent)
    assert not Session.objects.filter(user=agent.user).exists()
    assert response.status_code in {200, 302}


def test_language_is_switched_before_sign_in_and_remembered(client):
    assert "ログイン" in client.get(LOGIN).content.decode()
    assert "Sign in" in client.get(LOGIN + "?lang=en").content.decode()
    assert "Sign in" in client.get(LOGIN).content.decode()


def test_demo_shows_its_sign_ins_and_nothing_else_does(client, settings):
    settings.DEMO_SIGN_INS = f"{__name__}.sample_sign_ins"
    assert "akari@example.jp" not in client.get(LOGIN).content.decode()
    settings.DEMO = True
    assert "akari@example.jp" in client.get(LOGIN).content.decode()


def sample_sign_ins() -> list[tuple[str, str, str]]:
    return [("オペレーター", "akari@example.jp", "desk-demo-1")]


def test_sign_ins_stand_in_the_audit_log(client, agent):
    sign_in(client, agent, password="not-it-at-all")
    sign_in(client, agent)
    client.post("/accounts/logout/")
    entries = AuditEntry.objects.filter(target_id=agent.user.pk).order_by("pk")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("user.sign_in_failed", None),
        ("user.signed_in", agent.user),
        ("user.signed_out", agent.user),
    ]
    assert entries[0].address == "127.0.0.1"


def test_sign_out_everywhere_ends_every_session(client, agent, client_of):
    elsewhere = client_of(agent)
    sign_in(client, agent)
    assert client.post("/me/sign-out-everywhere/").url == LOGIN
    assert client.get("/me/").status_code == 302
    assert elsewhere.get("/me/").status_code == 302


def test_protected_account_opens_with_the_second_step_and_others_stay_open(
    client, agent, other_account
):
    agent.account.sign_in_protection = True
    agent.account.save()
    sign_in(client, agent)
    assert client.get("/", follow=False).url == "/accounts/2fa/"
    assert agent.account.name in client.get("/accounts/2fa/").content.decode()
    MembershipFactory(user=agent.user, account=other_account)
    access = client.get("/me/").context["access"]
    assert access.accounts == [other_account]
    assert access.locked_accounts == (agent.account,)
    give_totp(agent)
    assert len(client.get("/me/").context["access"].accounts) == 2


def test_switcher_selects_one_account_or_all_and_refuses_a_stranger_s(
    client, agent, other_account, stranger
):
    sign_in(client, agent)
    assert client.post("/accounts-switch/", {"account": "hinata"}).status_code == 404
    MembershipFactory(user=agent.user, account=other_account)
    assert client.get("/me/").context["access"].selected is None
    client.post("/accounts-switch/", {"account": "hinata", "next": "/me/"})
    assert client.get("/me/").context["access"].selected == other_account
    client.post("/accounts-switch/", {"account": ""})
    assert client.get("/me/").context["access"].selected is None
