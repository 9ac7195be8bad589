import pytest

from agentdesk.audit.models import AuditEntry
from conversations.inquiries.actions.contact_reason import add_reason
from conversations.inquiries.selectors.reason_choices import reason_choices
from conversations.inquiries.selectors.reason_tree import ReasonTree
from conversations.models import ContactReason

URL = "/settings/kogane/reasons/"


@pytest.fixture
def tree(account) -> dict[str, ContactReason]:
    """返品 (不良 (初期不良), 色違い), 配送, 注文."""
    found: dict[str, ContactReason] = {}
    for name, parent in (
        ("返品", None),
        ("不良", "返品"),
        ("初期不良", "不良"),
        ("色違い", "返品"),
        ("配送", None),
        ("注文", None),
    ):
        above = found.get(parent)
        found[name] = add_reason(account, actor=None, name=name, parent=above)
    return found


def shown(account) -> list[str]:
    return [
        "  " * (row.level - 1) + row.reason.name for row in ReasonTree(account).rows()
    ]


def entries(action: str) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(action=action, actor__isnull=False)
    return list(rows.order_by("pk"))


def test_a_reason_is_added_on_top_and_below_another(admin, account, client_of):
    client = client_of(admin)
    assert client.post(f"{URL}list/", {"name": "返品"}).status_code == 200
    top = ContactReason.objects.get(account=account)
    child = f"{URL}{top.pk}/child/"
    assert client.get(child).status_code == 200
    response = client.post(child, {"name": " 不良　品 "})
    assert response.status_code == 200
    assert shown(account) == ["返品", "  不良 品"]
    assert [entry.after for entry in entries("reason.added")] == [
        {"name": "返品", "parent": ""},
        {"name": "不良 品", "parent": "返品"},
    ]


def test_siblings_have_different_names_and_cousins_need_not(
    admin, account, tree, client_of
):
    client = client_of(admin)
    assert client.post(f"{URL}list/", {"name": "配送"}).status_code == 422
    below = f"{URL}{tree['配送'].pk}/child/"
    assert client.post(below, {"name": "不良"}).status_code == 200
    refused = client.post(below, {"name": "不良"})
    assert refused.status_code == 422
    assert refused.headers["HX-Retarget"] == f"#reason-new-{tree['配送'].pk}"
    assert "同じ階層" in refused.content.decode()


@pytest.mark.parametrize("name", ["", "   ", "\x00", "あ" * 61])
def test_a_name_that_cannot_be_is_refused(name, admin, tree, client_of):
    client = client_of(admin)
    for url in (f"{URL}list/", f"{URL}{tree['配送'].pk}/"):
        assert client.post(url, {"name": name}).status_code == 422


def test_a_fourth_level_is_refused(admin, account, tree, client_of):
    client = client_of(admin)
    url = f"{URL}{tree['初期不良'].pk}/child/"
    response = client.post(url, {"name": "もっと下"})
    assert response.status_code == 422
    assert "3階層" in response.content.decode()
    # 返品 fills three levels: it cannot go under anything.
    client.post(f"{URL}{tree['配送'].pk}/move/", {"before": tree["返品"].pk})
    before = shown(account)
    moved = client.post(f"{URL}{tree['返品'].pk}/move/", {"level": "in"})
    assert moved.status_code == 409
    assert shown(account) == before


def test_renaming_shows_on_old_inquiries_and_in_the_history(
    admin, account, tree, client_of
):
    client = client_of(admin)
    url = f"{URL}{tree['不良'].pk}/"
    assert 'value="不良"' in client.get(url).content.decode()
    assert client.post(url, {"name": "不良・破損"}).status_code == 200
    entry = entries("reason.renamed")[0]
    assert (entry.before["name"], entry.after["name"]) == ("不良", "不良・破損")
    page = client.get(URL).content.decode()
    assert "「不良」を「不良・破損」に変更しました。" in page
    assert client.post(url, {"name": "色違い"}).status_code == 422


def test_a_reason_is_given_its_reading_by_which_it_is_found(
    admin, account, tree, client_of
):
    client = client_of(admin)
    reason = tree["不良"]
    fields = {"name": "不良", "kana": "ふりょう"}
    assert client.post(f"{URL}{reason.pk}/", fields).status_code == 200
    reason.refresh_from_db()
    assert reason.kana == "ふりょう"
    assert "「不良」の読みを変更しました。" in client.get(URL).content.decode()
    [found] = [
        one for one in reason_choices(account) if one.values == {"reason": reason.pk}
    ]
    assert "ふりょう" in found.words


def test_reasons_move_by_buttons_and_by_dropping(admin, account, tree, client_of):
    client = client_of(admin)

    def move(name, **data):
        url = f"{URL}{tree[name].pk}/move/"
        assert client.post(url, data).status_code == 200
        return shown(account)

    assert move("注文", step="-1")[-2:] == ["注文", "配送"]
    assert move("注文", step="1")[-2:] == ["配送", "注文"]
    assert move("注文", step="1")[-2:] == ["配送", "注文"]
    assert move("注文", level="in")[-2:] == ["配送", "  注文"]
    assert move("注文", level="out")[-2:] == ["配送", "注文"]
    assert move("配送", after=tree["不良"].pk) == [
        "返品",
        "  不良",
        "    初期不良",
        "  配送",
        "  色違い",
        "注文",
    ]
    # Into its own family: nothing happens.
    before = shown(account)
    assert move("返品", after=tree["初期不良"].pk) == before
    assert move("返品", before="x") == before
    assert len(entries("reason.moved")) == 5
    assert entries("reason.moved")[-1].after == {"parent": "返品", "place": 2}


def test_moving_beside_a_namesake_is_refused(admin, account, tree, client_of):
    client = client_of(admin)
    client.post(f"{URL}{tree['配送'].pk}/child/", {"name": "色違い"})
    url = f"{URL}{tree['色違い'].pk}/move/"
    namesake = ContactReason.objects.get(parent=tree["配送"])
    before = shown(account)
    assert client.post(url, {"after": namesake.pk}).status_code == 409
    assert shown(account) == before


def test_retiring_takes_the_branch_and_restoring_brings_it_back(
    admin, account, tree, client_of
):
    client = client_of(admin)
    for _time in range(2):
        client.post(f"{URL}{tree['返品'].pk}/retire/")
    assert shown(account) == ["配送", "注文"]
    assert client.post(f"{URL}list/", {"name": "返品"}).status_code == 422
    for _time in range(2):
        client.post(f"{URL}{tree['初期不良'].pk}/restore/")
    assert shown(account)[:3] == ["返品", "  不良", "    初期不良"]
    assert len(entries("reason.retired")) == len(entries("reason.restored")) == 1


def test_reasons_are_walled_off(agent, supervisor, stranger, account, tree, client_of):
    row = f"{URL}{tree['配送'].pk}/"
    for member, status in ((agent, 403), (supervisor, 403), (stranger, 404)):
        client = client_of(member)
        for url in (URL, f"{URL}list/", row, f"{row}child/"):
            assert client.get(url).status_code == status
        for verb in ("move", "retire", "restore", "child"):
            assert client.post(f"{row}{verb}/", {"name": "x"}).status_code == status
    theirs = f"/settings/hinata/reasons/{tree['配送'].pk}/retire/"
    assert client_of(stranger).post(theirs).status_code == 404
    assert len(shown(account)) == 6


def test_a_reason_of_another_account_is_no_place_to_drop_on(
    admin, account, other_account, tree, client_of
):
    theirs = add_reason(other_account, actor=None, name="他社")
    before = shown(account)
    client_of(admin).post(f"{URL}{tree['配送'].pk}/move/", {"after": theirs.pk})
    assert shown(account) == before
