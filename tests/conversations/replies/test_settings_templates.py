import pytest
from django.db import IntegrityError, transaction

from agentdesk.audit.models import AuditEntry
from agentdesk.audit.names import action_name
from conversations.models import Template, WordList
from tests.factories.conversations import TemplateFactory

URL = "/settings/kogane/templates/"
GIVEN = {
    "name": "お届けの遅れ",
    "folder": "配送 / 遅延",
    "shortcut": "/Okure",
    "body": "{{お客様名}}\r\n\r\nお待たせしております。",
    "channels": ["email", "line"],
}


@pytest.fixture
def client(client_of, admin):
    return client_of(admin)


def shown(client, query="") -> dict[str, list[str]]:
    context = client.get(f"{URL}list/", {"q": query}).context
    return {
        folder.name: [row.template.name for row in folder.rows]
        for folder in context["folders"]
    }


def actions() -> list[str]:
    rows = AuditEntry.objects.filter(action__startswith="template.")
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_template_is_written_and_changed(client, account):
    answer = client.post(f"{URL}new/", GIVEN)
    assert answer.headers["HX-Redirect"] == URL
    row = Template.objects.get(account=account)
    assert (row.folder, row.shortcut, row.channels) == (
        "配送/遅延",
        "okure",
        ["email", "line"],
    )
    assert row.body == "{{お客様名}}\n\nお待たせしております。"
    page = client.get(f"{URL}{row.pk}/").content.decode()
    assert "山田 花子 様" in page
    client.post(f"{URL}{row.pk}/", GIVEN | {"name": "遅延のお詫び", "channels": []})
    row.refresh_from_db()
    assert (row.name, row.channels) == ("遅延のお詫び", [])
    assert shown(client, "おわび") == {}
    assert shown(client, "詫び　待たせ") == {"配送 › 遅延": ["遅延のお詫び"]}
    assert actions() == ["template.added", "template.changed"]
    entry = AuditEntry.objects.get(action="template.changed")
    assert entry.before == {"name": "お届けの遅れ", "channels": ["email", "line"]}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"body": "{{customer.age}} さん"}, "{{customer.age}}"),
        ({"body": "{{お客様名}"}, "{{"),
        ({"body": ""}, ""),
        ({"name": " "}, ""),
        ({"folder": "a/b/c"}, ""),
        ({"shortcut": "配送"}, ""),
        ({"channels": ["fax"]}, ""),
        ({"body": "あ" * 4001}, ""),
    ],
)
def test_what_cannot_be_is_refused_and_named(client, fields, words):
    answer = client.post(f"{URL}new/", GIVEN | fields)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == list(fields)
    assert words in str(errors.as_data())
    assert not Template.objects.exists()


def test_names_and_shortcuts_are_taken_once(client):
    client.post(f"{URL}new/", GIVEN)
    again = GIVEN | {"shortcut": ""}
    assert list(client.post(f"{URL}new/", again).context["form"].errors) == ["name"]
    elsewhere = GIVEN | {"folder": "ほか"}
    refused = client.post(f"{URL}new/", elsewhere)
    assert list(refused.context["form"].errors) == ["shortcut"]
    free = elsewhere | {"shortcut": "okure2"}
    assert client.post(f"{URL}new/", free).status_code == 200


def test_the_database_keeps_them_apart_too(account):
    TemplateFactory(account=account, name="同じ", shortcut="a")
    for wrong in (
        {"name": "同じ"},
        {"shortcut": "a"},
        {"folder": "a/b/c"},
        {"shortcut": "大"},
        {"body": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            TemplateFactory(account=account, **wrong)


def test_templates_move_within_their_folder(client, account):
    rows = {
        name: TemplateFactory(account=account, name=name, folder=folder, position=at)
        for at, (name, folder) in enumerate(
            [("一", "甲"), ("二", "甲"), ("三", "甲"), ("四", "乙")]
        )
    }

    def move(name, **data):
        client.post(f"{URL}{rows[name].pk}/move/", data)
        return shown(client)["甲"]

    assert move("一", step="1") == ["二", "一", "三"]
    assert move("三", before=rows["二"].pk) == ["三", "二", "一"]
    assert move("三", step="-1") == ["三", "二", "一"]
    assert move("三", after=0) == ["三", "二", "一"]
    assert actions() == ["template.moved"] * 2


def test_a_template_is_put_between_those_of_another_folder(client, account):
    rows = {
        name: TemplateFactory(account=account, name=name, folder=folder, position=at)
        for at, (name, folder) in enumerate(
            [("一", "甲"), ("二", "甲"), ("三", "乙"), ("四", "乙")]
        )
    }

    def move(name, **data):
        return client.post(f"{URL}{rows[name].pk}/move/", data).status_code

    assert move("三", after=rows["一"].pk) == 200
    assert shown(client) == {"乙": ["四"], "甲": ["一", "三", "二"]}
    assert shown(client, "甲 三") == {"甲": ["三"]}  # it is found where it is now
    assert move("二", before=rows["四"].pk) == 200
    assert shown(client) == {"乙": ["二", "四"], "甲": ["一", "三"]}
    TemplateFactory(account=account, name="一", folder="乙")
    assert move("一", after=rows["四"].pk) == 409
    assert shown(client)["甲"] == ["一", "三"]


def test_the_folder_of_a_template_is_chosen_or_made(client, account):
    row = TemplateFactory(account=account, name="一", folder="甲")
    TemplateFactory(account=account, name="二", folder="乙/丙")
    TemplateFactory(account=account, name="一", folder="丁")
    url = f"{URL}{row.pk}/folder/"
    page = client.get(url).content.decode()
    assert "「一」を移動" in page
    assert "乙 › 丙" in page

    def put(**data):
        answer = client.post(url, data)
        return answer.status_code, Template.objects.get(pk=row.pk).folder

    assert put(folder="乙/丙") == (200, "乙/丙")
    assert put(folder="") == (200, "")
    assert put(folder="乙/丙", new=" 新 ／ 品 ") == (200, "新/品")
    assert put(folder="どこにもない") == (422, "新/品")
    assert put(new="a/b/c") == (422, "新/品")
    assert put(folder="丁") == (422, "新/品")  # there is one of that name
    assert actions() == ["template.changed"] * 3
    assert "一" in shown(client, "新")["新 › 品"]


def test_a_retired_one_comes_back_unless_its_name_is_taken(client, account):
    row = TemplateFactory(account=account, name="夏季休業", shortcut="natsu")
    client.post(f"{URL}{row.pk}/retire/")
    assert shown(client) == {}
    client.post(f"{URL}{row.pk}/restore/")
    assert shown(client)[""] == ["夏季休業"]
    client.post(f"{URL}{row.pk}/retire/")
    TemplateFactory(account=account, name="夏季休業")
    assert client.post(f"{URL}{row.pk}/restore/").status_code == 409
    assert actions() == ["template.retired", "template.restored", "template.retired"]
    assert action_name("template.retired") == "定型文: 廃止"


def test_the_preview_follows_what_is_typed(client):
    answer = client.post(f"{URL}preview/", {"body": "{{注文番号}} {{何か}} <b>"})
    page = answer.content.decode()
    assert "A-100234" in page
    assert "&lt;b&gt;" in page
    assert answer.context["unknown"] == ["{{何か}}"]


def test_the_list_costs_the_same_however_long(
    client, account, django_assert_max_num_queries
):
    for number in range(30):
        TemplateFactory(account=account, folder=f"F{number % 4}")
    with django_assert_max_num_queries(10):
        client.get(URL)


def test_words_to_avoid_are_kept_one_a_line(client, account):
    url = "/settings/kogane/sending/"
    lines = "了解しました → 承知いたしました\r\n\r\n  絶対に \r\n絶対に"
    assert client.post(url, {"lines": lines}).status_code == 200
    stored = WordList.objects.get(account=account).lines
    assert stored == ["了解しました → 承知いたしました", "絶対に"]
    assert "絶対に" in client.get(url).content.decode()
    assert client.post(url, {"lines": "あ" * 121}).status_code == 422
    assert AuditEntry.objects.filter(action="word_list.changed").count() == 1


def test_agents_change_none_of_it(client_of, agent, stranger, account):
    row = TemplateFactory(account=account)
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        for url in (URL, f"{URL}new/", f"{URL}{row.pk}/", "/settings/kogane/sending/"):
            assert client.get(url).status_code == status
            assert client.get(f"{URL}list/").status_code == status
        for verb in ("move", "folder", "retire", "restore"):
            assert client.post(f"{URL}{row.pk}/{verb}/").status_code == status


def test_a_folder_is_renamed_with_what_lies_in_it(client, account):
    for name, folder in (("一", "配送"), ("二", "配送/遅延"), ("三", "配送料")):
        TemplateFactory(account=account, name=name, folder=folder)
    url = f"{URL}folder/"
    assert 'value="配送"' in client.get(url, {"folder": "配送"}).content.decode()
    assert client.post(url, {"folder": "配送", "name": "お届け"}).status_code == 200
    assert shown(client) == {
        "お届け": ["一"],
        "お届け › 遅延": ["二"],
        "配送料": ["三"],
    }
    assert shown(client, "おとどけ") == {}
    assert shown(client, "お届け") == {"お届け": ["一"], "お届け › 遅延": ["二"]}
    entry = AuditEntry.objects.get(action="template_folder.renamed")
    assert (entry.before, entry.after) == ({"folder": "配送"}, {"folder": "お届け"})


def test_a_folder_is_not_renamed_over_a_namesake_or_too_deep(client, account):
    for name, folder in (("一", "甲"), ("一", "乙"), ("二", "乙/丙")):
        TemplateFactory(account=account, name=name, folder=folder)
    for folder, name in (("甲", "乙"), ("乙", "甲/乙"), ("甲", ""), ("甲", "a/b/c")):
        answer = client.post(f"{URL}folder/", {"folder": folder, "name": name})
        assert answer.status_code == 422
        assert "name" in answer.context["form"].errors
    assert list(shown(client)) == ["乙", "乙 › 丙", "甲"]
