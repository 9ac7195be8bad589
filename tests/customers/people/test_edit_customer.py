"""Editing a customer in the pane: what is written, who is told, what is refused."""

import pytest
from django.urls import reverse

from agentdesk.audit.models import AuditEntry
from agentdesk.live import publish
from customers.choices import AttributeKind
from customers.models import AttributeDefinition, Customer, MemberRank
from tests.factories.customers import CustomerFactory


@pytest.fixture
def customer(account) -> Customer:
    return CustomerFactory(account=account)


@pytest.fixture
def client(agent, client_of):
    return client_of(agent)


def edit(customer: Customer, part: str = "head") -> str:
    return reverse(f"customers:edit-{part}", args=[customer.pk])


def opened(client, customer: Customer, part: str = "head") -> dict[str, str]:
    """The form as a browser would post it back, untouched."""
    form = client.get(edit(customer, part)).context["form"]
    data = {"seen": form.token}
    for field in form:
        value = field.value()
        data[field.html_name] = "" if value is None else str(value)
    return data


def test_saving_changes_the_name_and_what_it_is_found_by(client, customer):
    data = opened(client, customer)
    data |= {"customer-family_name": "髙橋", "customer-family_kana": "タカハシ"}
    response = client.post(edit(customer), data)
    assert response.status_code == 200
    assert "髙橋 太郎" in response.content.decode()
    customer.refresh_from_db()
    assert customer.family_name == "髙橋"
    assert customer.name_key == "高橋太郎"
    assert customer.kana_key == "タカハシタロウ"


def test_the_audit_log_has_before_and_after_of_what_changed_only(
    client, customer, agent, account
):
    rank = MemberRank.objects.create(account=account, name="ゴールド")
    data = opened(client, customer)
    data |= {"customer-rank": str(rank.pk), "customer-caution": "要注意"}
    client.post(edit(customer), data)
    entry = AuditEntry.objects.get(action="customer.edited")
    assert entry.actor == agent.user
    assert entry.target_id == customer.pk
    assert entry.before == {"rank": "", "caution": ""}
    assert entry.after == {"rank": "ゴールド", "caution": "要注意"}


def test_saving_without_a_change_writes_nothing_at_all(client, customer):
    before = customer.updated_at
    response = client.post(edit(customer), opened(client, customer))
    assert response.status_code == 200
    customer.refresh_from_db()
    assert customer.updated_at == before
    assert not AuditEntry.objects.filter(action="customer.edited").exists()


def test_open_screens_are_told_by_ids_only(
    client, customer, monkeypatch, django_capture_on_commit_callbacks
):
    sent: list[tuple[str, str, dict[str, int | str]]] = []
    monkeypatch.setattr(publish, "send_now", lambda *signal: sent.append(signal))
    data = opened(client, customer) | {"customer-caution": "秘密の注意"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(edit(customer), data)
    topics = {topic for topic, _kind, _ids in sent}
    assert f"customer:{customer.pk}" in topics
    assert "秘密" not in str(sent)


def test_two_members_changing_different_fields_both_keep_theirs(client, customer):
    first, second = opened(client, customer), opened(client, customer)
    client.post(edit(customer), first | {"customer-caution": "先の人"})
    response = client.post(edit(customer), second | {"customer-given_name": "次郎"})
    assert response.status_code == 200
    customer.refresh_from_db()
    assert customer.caution == "先の人"
    assert customer.given_name == "次郎"


def test_the_second_of_two_on_one_field_is_shown_the_value_of_the_first(
    client, customer
):
    first, second = opened(client, customer), opened(client, customer)
    client.post(edit(customer), first | {"customer-caution": "先の人の注意"})
    response = client.post(
        edit(customer), second | {"customer-caution": "後の人の注意"}
    )
    assert response.status_code == 409
    html = response.content.decode()
    assert "先の人の注意" in html
    assert "後の人の注意" in html
    customer.refresh_from_db()
    assert customer.caution == "先の人の注意"


def test_after_being_told_the_second_may_save_over_the_first(client, customer):
    first, second = opened(client, customer), opened(client, customer)
    client.post(edit(customer), first | {"customer-caution": "先"})
    mine = second | {"customer-caution": "後"}
    form = client.post(edit(customer), mine).context["form"]
    response = client.post(edit(customer), mine | {"seen": form.token})
    assert response.status_code == 200
    customer.refresh_from_db()
    assert customer.caution == "後"


def test_a_forged_memory_of_the_form_never_overwrites_unseen_values(client, customer):
    data = opened(client, customer) | {"customer-given_name": "次郎", "seen": "forged"}
    assert client.post(edit(customer), data).status_code == 409
    customer.refresh_from_db()
    assert customer.given_name == "太郎"


def test_attributes_follow_their_definitions(client, customer, account):
    for key, kind in (
        ("note", AttributeKind.TEXT),
        ("size", AttributeKind.NUMBER),
        ("birthday", AttributeKind.DATE),
    ):
        AttributeDefinition.objects.create(
            account=account, key=key, label=key, kind=kind
        )
    AttributeDefinition.objects.create(
        account=account,
        key="contact",
        label="連絡方法",
        kind=AttributeKind.CHOICE,
        options=["電話", "メール"],
    )
    data = opened(client, customer, "profile")
    response = client.post(
        edit(customer, "profile"),
        data
        | {
            "customer-address": "東京都渋谷区1-2-3",
            "customer-attribute-note": "左利き",
            "customer-attribute-size": "２３．５",
            "customer-attribute-birthday": "1990-04-01",
            "customer-attribute-contact": "電話",
        },
    )
    assert response.status_code == 200, response.content.decode()
    customer.refresh_from_db()
    assert customer.address == "東京都渋谷区1-2-3"
    assert customer.attributes == {
        "note": "左利き",
        "size": "23.5",
        "birthday": "1990-04-01",
        "contact": "電話",
    }


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AttributeKind.NUMBER, "たくさん"),
        (AttributeKind.NUMBER, "NaN"),
        (AttributeKind.NUMBER, "1e999999"),
        (AttributeKind.DATE, "2026-02-31"),
        (AttributeKind.CHOICE, "ないもの"),
        (AttributeKind.TEXT, "長" * 301),
    ],
)
def test_a_value_against_its_definition_is_refused_in_its_place(
    client, customer, account, kind, value
):
    AttributeDefinition.objects.create(
        account=account, key="a", label="属性", kind=kind, options=["あるもの"]
    )
    data = opened(client, customer, "profile") | {"customer-attribute-a": value}
    response = client.post(edit(customer, "profile"), data)
    assert response.status_code == 422
    assert response.context["form"].errors["attribute-a"]
    customer.refresh_from_db()
    assert customer.attributes == {}


HOSTILE = [
    "\x00NUL\x00",
    "\ud800".encode("utf-8", "surrogatepass"),
    "\u202egnp.exe",
    "長" * 10_000,
    "<script>alert(1)</script>",
    "👨‍👩‍👧‍👦",
    "ﷺ" * 60,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["family_name", "given_kana", "caution"])
def test_hostile_words_are_cleaned_or_refused_never_an_error(
    client, customer, field, text
):
    data = opened(client, customer)
    data[f"customer-{field}"] = text
    response = client.post(edit(customer), data)
    assert response.status_code in {200, 422}
    customer.refresh_from_db()
    stored = getattr(customer, field)
    assert "\x00" not in stored
    assert "\u202e" not in stored
    assert "<script>alert(1)" not in response.content.decode()


def test_a_rank_of_another_account_is_refused(client, customer, other_account):
    rank = MemberRank.objects.create(account=other_account, name="他社")
    data = opened(client, customer) | {"customer-rank": str(rank.pk)}
    assert client.post(edit(customer), data).status_code == 422


def test_a_strangers_post_is_not_found_and_changes_nothing(
    customer, stranger, client_of
):
    response = client_of(stranger).post(edit(customer), {"customer-caution": "x"})
    assert response.status_code == 404
    customer.refresh_from_db()
    assert customer.caution == ""
