"""Which passwords may be chosen; those chosen before go on."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd2026!",
        "qwertyuiop123",
        "qwerty-qwerty",
        "abcabcabcabc",
        "aaaaaaaaaaaa",
        "123456789012",
        "1234-5678-9012",
        "Agentdesk2026",
        "sunshine!!!!!",
        "dragon-monkey",
        "short-one-1",
        "ｐａｓｓｗｏｒｄ１２３４",
        "possiblepossible",
        "d0gf00d12345",
    ],
)
def test_what_is_guessed_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "kumo-no-ue-8",
        "correct horse battery staple",
        "Xk9#mQ2$vL8@nR",
        "8f3a-91bc-77de",
        "ひがしのそらにつきがでた",
        "tokyo-tanuki-77",
    ],
)
def test_what_is_not_passes(password):
    validate_password(password)


@pytest.mark.django_db
def test_a_short_password_chosen_before_signs_in_and_cannot_be_chosen_again(
    client, agent
):
    agent.user.set_password("old-pass-8")
    agent.user.save()
    data = {"login": agent.user.email, "password": "old-pass-8"}
    assert client.post("/accounts/login/", data).status_code == 302
    for new, status in (("new-pass-9", 200), ("tokyo-tanuki-77", 302)):
        change = {"oldpassword": "old-pass-8", "password1": new, "password2": new}
        assert client.post("/accounts/password/change/", change).status_code == status
