"""Templates from a spreadsheet, and into one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agentdesk.audit.models import AuditEntry
from conversations.models import Template
from tests.factories.conversations import TemplateFactory

URL = "/settings/kogane/templates/import/"
ROWS = """名前,フォルダー,短縮名,チャネル,本文
髙島様の件,配送/遅延,okure,メール LINE,"{{お客様名}}

お待たせしております。"
お礼,,,,ありがとうございます①
"""


@pytest.fixture
def client(client_of, admin):
    return client_of(admin)


def file_of(text: str, encoding: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("t.csv", text.encode(encoding))}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_taken_in_as_it_was_saved(client, account, encoding):
    assert client.post(URL, file_of(ROWS, encoding)).status_code == 302
    late = Template.objects.get(account=account, shortcut="okure")
    assert (late.name, late.folder) == ("髙島様の件", "配送/遅延")
    assert late.channels == ["email", "line"]
    assert late.body == "{{お客様名}}\n\nお待たせしております。"
    assert Template.objects.get(name="お礼").body == "ありがとうございます①"


def test_rows_pasted_from_a_spreadsheet_change_what_is_there(client, account):
    TemplateFactory(account=account, name="お礼", folder="挨拶", body="前の文")
    pasted = "name\tfolder\tbody\r\nお礼\t挨拶\t新しい文\r\n結び\t挨拶\tでは"
    assert client.post(URL, {"pasted": pasted}).status_code == 302
    bodies = Template.objects.order_by("pk").values_list("name", "body")
    assert list(bodies) == [("お礼", "新しい文"), ("結び", "では")]
    actions = AuditEntry.objects.filter(action__startswith="template.").order_by("pk")
    assert [entry.action for entry in actions] == ["template.changed", "template.added"]


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", ""),
        ("a,b\n1,2", "名前"),
        ("name,body", ""),
        ("name,body\nよい,文\nわるい,{{なにか}}", "{{なにか}}"),
        ("name,body\n一,文,余り", "2"),
        ("name,body,channels\n一,文,fax", "fax"),
        ("name,shortcut,body\n一,a,文\n二,a,文", "3"),
        ('name,body\n一,"閉じない', ""),
    ],
)
def test_one_bad_row_keeps_all_out_and_is_named(client, pasted, words):
    answer = client.post(URL, {"pasted": pasted})
    assert answer.status_code == 422
    form = answer.context["form"]
    faults = [*(answer.context.get("faults") or []), *map(str, form.non_field_errors())]
    assert faults
    assert words in " ".join(faults)
    assert not Template.objects.exists()


def test_a_picture_is_refused(client):
    file = SimpleUploadedFile("t.csv", b"\x89PNG\r\n\x1a\n" + bytes(99))
    assert client.post(URL, {"file": file}).status_code == 422


def test_what_is_written_out_can_be_read_again(client, account):
    TemplateFactory(
        account=account,
        name="=危険",
        folder="甲/乙",
        shortcut="kiken",
        channels=["email"],
        body='-「"引用"」\n二行目',
    )
    answer = client.get("/settings/kogane/templates/export/")
    content = answer.content
    assert "'=危険" in content.decode()
    row = Template.objects.get()
    before = (row.name, row.folder, row.shortcut, row.channels, row.body)
    row.delete()
    assert client.post(URL, {"file": SimpleUploadedFile("t.csv", content)}).status_code
    row = Template.objects.get()
    assert before == (row.name, row.folder, row.shortcut, row.channels, row.body)


def test_agents_take_nothing_in_or_out(client_of, agent):
    client = client_of(agent)
    assert client.post(URL, {"pasted": "name,body\na,b"}).status_code == 403
    assert client.get("/settings/kogane/templates/export/").status_code == 403
