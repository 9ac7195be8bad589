"""Members are found by kanji, kana and Latin letters, however they are typed."""

import re

import pytest
from django.urls import reverse

from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.readings import folded, search_words
from agentdesk.audit.models import AuditEntry
from agentdesk.ops.demo.cast import CAST
from tests.links import opened

PEOPLE = "/settings/kogane/people/"
SUZUKI = {"family_name": "鈴木", "given_name": "翔太"}
KANA = {"family_kana": "スズキ", "given_kana": "ショウタ"}


@pytest.mark.parametrize(
    "typed",
    [
        "鈴木",
        "鈴木翔太",
        "鈴木 翔太",
        "すずき",
        "スズキ",
        "ｽｽﾞｷ",
        "すずき しょうた",
        "しょうた",
        "suzuki",
        "SUZUKI",
        "shota",
        "shouta",
        "syouta",
        "syota",
        "s.suzuki",
    ],
)
def test_a_member_is_found_by(typed):
    user = User(email="s.suzuki@example.jp", **SUZUKI, **KANA)
    assert any(folded(typed) in word for word in search_words(user))


@pytest.mark.parametrize("typed", ["さとう", "sato", "example"])
def test_a_member_is_not_found_by(typed):
    user = User(email="s.suzuki@example.jp", **SUZUKI, **KANA)
    assert not any(folded(typed) in word for word in search_words(user))


def test_who_has_no_reading_is_found_by_name():
    assert search_words(User(email="", **SUZUKI)) == ["鈴木翔太", "翔太鈴木"]


@pytest.mark.django_db
def test_the_reading_is_asked_for_when_joining(admin, client_of, client):
    answer = client_of(admin).post(f"{PEOPLE}invite/", {"role": "agent"})
    path = opened(client, answer.context["link"].removeprefix("http://testserver"))
    assert 'name="family_kana"' in client.get(path).content.decode()
    person = {"email": "shota@example.jp", "password": "kumo-no-ue-8"}
    client.post(path, SUZUKI | KANA | person)
    user = User.objects.get(email="shota@example.jp")
    assert (user.family_kana, user.given_kana) == ("スズキ", "ショウタ")


@pytest.mark.django_db
def test_an_admin_gives_a_member_a_reading_and_it_is_on_record(admin, agent, client_of):
    path = f"{PEOPLE}{agent.pk}/"
    client = client_of(admin)
    assert 'name="family_kana"' in client.get(path).content.decode()
    client.post(path, {"role": "agent", "extension": "", **KANA})
    member = Membership.objects.get(pk=agent.pk)
    assert member.user.kana == "スズキ ショウタ"
    entry = AuditEntry.objects.get(action="user.edited")
    assert entry.actor == admin.user


@pytest.mark.django_db
def test_ones_own_reading_is_in_the_profile(agent, client_of):
    path = reverse("accounts:profile")
    assert 'name="given_kana"' in client_of(agent).get(path).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["すずき", "ｽｽﾞｷ", "スズキ", " すずき "])
def test_a_reading_is_katakana_however_it_was_typed(agent, client_of, typed):
    assert reread(agent, client_of, typed).status_code == 302
    agent.user.refresh_from_db()
    assert agent.user.family_kana == "スズキ"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["鈴木", "suzuki", "スズキ1", "<b>"])
def test_what_is_no_kana_is_no_reading(agent, client_of, typed):
    answer = reread(agent, client_of, typed)
    assert answer.status_code in (200, 422)
    assert "カナで" in answer.content.decode()
    agent.user.refresh_from_db()
    assert agent.user.family_kana == ""


def reread(member, client_of, typed: str):
    """The member saves their profile with that reading of the family name."""
    client, path = client_of(member), reverse("accounts:profile")
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    return client.post(path, {**sent, "family_kana": typed})


@pytest.mark.django_db
def test_members_of_the_demo_have_readings():
    for person in CAST:
        assert re.fullmatch(r"[ァ-ヺー]+", person.family_kana + person.given_kana)
