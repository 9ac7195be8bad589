"""Member ranks and free attributes: the two lists that customers' settings order."""

import pytest

from agentdesk.audit.models import AuditEntry
from customers.models import AttributeDefinition, MemberRank

RANKS = "/settings/kogane/ranks/"
ATTRIBUTES = "/settings/kogane/attributes/"


@pytest.fixture
def ranks(account) -> list[MemberRank]:
    names = ("シルバー", "ゴールド", "プラチナ")
    return [
        MemberRank.objects.create(account=account, name=name, position=position)
        for position, name in enumerate(names)
    ]


def names_of(account) -> list[str]:
    rows = MemberRank.objects.filter(account=account, retired_at=None)
    return [row.name for row in rows]


def test_a_rank_is_added_and_told_in_the_audit_log(admin, account, client_of):
    data = {"name": " ゴールド ", "colour": "amber"}
    response = client_of(admin).post(f"{RANKS}list/", data)
    assert response.status_code == 200
    assert 'id="ranks"' in response.content.decode()
    rank = MemberRank.objects.get(account=account)
    assert (rank.name, rank.colour) == ("ゴールド", "amber")
    entry = AuditEntry.objects.get(action="rank.added")
    assert (entry.actor, entry.after["name"]) == (admin.user, "ゴールド")


def test_the_same_name_twice_is_refused_in_place(admin, account, client_of):
    client = client_of(admin)
    data = {"name": "ゴールド", "colour": "amber"}
    client.post(f"{RANKS}list/", data)
    response = client.post(f"{RANKS}list/", data)
    assert response.status_code == 422
    assert "同じ名称のランク" in response.content.decode()
    assert MemberRank.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "colour": "amber"},
        {"name": "\x00", "colour": "amber"},
        {"name": "あ" * 41, "colour": "amber"},
        {"name": "ゴールド", "colour": "gold"},
    ],
)
def test_a_rank_that_cannot_be_is_refused(data, admin, client_of):
    assert client_of(admin).post(f"{RANKS}list/", data).status_code == 422
    assert not MemberRank.objects.exists()


def test_a_rank_is_renamed_in_its_place(admin, ranks, client_of):
    client = client_of(admin)
    url = f"{RANKS}{ranks[0].pk}/"
    assert 'value="シルバー"' in client.get(url).content.decode()
    client.post(url, {"name": "ブロンズ", "colour": "slate"})
    entry = AuditEntry.objects.get(action="rank.changed")
    assert (entry.before, entry.after) == (
        {"name": "シルバー"},
        {"name": "ブロンズ"},
    )
    refused = client.post(url, {"name": "ゴールド", "colour": "slate"})
    assert refused.status_code == 422
    assert refused.headers["HX-Retarget"] == f"#rank-{ranks[0].pk}"


def test_ranks_are_ordered_by_steps_and_by_dropping(admin, account, ranks, client_of):
    client = client_of(admin)
    silver, gold, platinum = ranks

    def move(rank, **data):
        assert client.post(f"{RANKS}{rank.pk}/move/", data).status_code == 200
        return names_of(account)

    assert move(platinum, step="-1") == ["シルバー", "プラチナ", "ゴールド"]
    assert move(platinum, step="-1") == ["プラチナ", "シルバー", "ゴールド"]
    assert move(platinum, step="-1") == ["プラチナ", "シルバー", "ゴールド"]
    assert move(platinum, after=gold.pk) == ["シルバー", "ゴールド", "プラチナ"]
    assert move(gold, before=silver.pk) == ["ゴールド", "シルバー", "プラチナ"]
    assert move(gold, before="9" * 30) == ["ゴールド", "シルバー", "プラチナ"]
    assert move(gold, step="x") == ["ゴールド", "シルバー", "プラチナ"]
    assert AuditEntry.objects.filter(action="rank.moved").count() == 4


def test_a_rank_of_another_account_is_no_place_to_drop_on(
    admin, other_account, account, ranks, client_of
):
    theirs = MemberRank.objects.create(account=other_account, name="VIP", position=5)
    url = f"{RANKS}{ranks[0].pk}/move/"
    assert client_of(admin).post(url, {"after": theirs.pk}).status_code == 200
    theirs.refresh_from_db()
    assert theirs.position == 5
    assert names_of(account) == ["シルバー", "ゴールド", "プラチナ"]


def test_a_retired_rank_can_come_back(admin, account, ranks, client_of):
    client = client_of(admin)
    url = f"{RANKS}{ranks[0].pk}/"
    for _time in range(2):
        client.post(f"{url}retire/")
    assert names_of(account) == ["ゴールド", "プラチナ"]
    response = client.post(f"{RANKS}list/", {"name": "シルバー", "colour": "slate"})
    assert response.status_code == 422
    for _time in range(2):
        client.post(f"{url}restore/")
    assert names_of(account) == ["ゴールド", "プラチナ", "シルバー"]
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["rank.retired", "rank.restored"]


def test_a_choice_attribute_is_added_and_its_options_change(admin, account, client_of):
    client = client_of(admin)
    data = {"label": "靴のサイズ", "kind": "choice", "key": "Shoe_Size"}
    data["options"] = "23.5\n 24 \n24\n\n24.5"
    assert client.post(f"{ATTRIBUTES}list/", data).status_code == 200
    attribute = AttributeDefinition.objects.get(account=account)
    assert attribute.key == "shoe_size"
    assert attribute.options == ["23.5", "24", "24.5"]
    url = f"{ATTRIBUTES}{attribute.pk}/"
    client.post(url, {"label": "靴", "options": "24\n25", "kind": "text", "key": "x"})
    attribute.refresh_from_db()
    assert (attribute.label, attribute.options) == ("靴", ["24", "25"])
    assert (attribute.key, attribute.kind) == ("shoe_size", "choice")
    assert AuditEntry.objects.get(action="attribute.changed").after == {
        "label": "靴",
        "options": ["24", "25"],
    }


def test_a_key_is_made_where_none_was_typed(admin, account, client_of):
    client = client_of(admin)
    for label in ("誕生日", "記念日"):
        data = {"label": label, "kind": "date", "options": "ignored"}
        assert client.post(f"{ATTRIBUTES}list/", data).status_code == 200
    rows = AttributeDefinition.objects.filter(account=account)
    assert [row.key for row in rows] == ["attribute_1", "attribute_2"]
    assert all(row.options == [] for row in rows)


@pytest.mark.parametrize(
    "data",
    [
        {"label": "", "kind": "text"},
        {"label": "色", "kind": "colour"},
        {"label": "色", "kind": "text", "key": "色"},
        {"label": "色", "kind": "text", "key": "1st"},
        {"label": "色", "kind": "choice", "options": " \n "},
        {"label": "色", "kind": "choice", "options": "x" * 61},
        {"label": "色", "kind": "choice", "options": "\n".join(map(str, range(101)))},
        {"label": "色", "kind": "choice", "options": "\n".join(["x"] * 10_000)},
    ],
)
def test_an_attribute_that_cannot_be_is_refused(data, admin, client_of):
    assert client_of(admin).post(f"{ATTRIBUTES}list/", data).status_code == 422
    assert not AttributeDefinition.objects.exists()


def test_both_lists_are_walled_off(agent, stranger, account, ranks, client_of):
    attribute = AttributeDefinition.objects.create(account=account, key="a", label="A")
    urls = [RANKS, f"{RANKS}list/", f"{RANKS}{ranks[0].pk}/"]
    urls += [ATTRIBUTES, f"{ATTRIBUTES}list/", f"{ATTRIBUTES}{attribute.pk}/"]
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        for url in urls:
            assert client.get(url).status_code == status
        for verb in ("move", "retire", "restore"):
            for row in (urls[2], urls[5]):
                assert client.post(f"{row}{verb}/").status_code == status
    theirs = f"/settings/hinata/ranks/{ranks[0].pk}/retire/"
    assert client_of(stranger).post(theirs).status_code == 404
    assert len(names_of(account)) == 3


def test_the_pages_open(admin, account, ranks, client_of):
    client = client_of(admin)
    AttributeDefinition.objects.create(account=account, key="size", label="サイズ")
    assert "プラチナ" in client.get(RANKS).content.decode()
    assert "サイズ" in client.get(ATTRIBUTES).content.decode()
