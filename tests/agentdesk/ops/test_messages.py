"""`manage.py messages`: from source and templates to a compiled catalog."""

import gettext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PYTHON = """
from django.utils.translation import gettext as _, ngettext

hello = _("Hello %(name)s") % {"name": "x"}
days = ngettext("%(n)s day", "%(n)s days", 2)
"""
TEMPLATE = """
{% load i18n %}<p title="{% translate "Phone" %}">it's {{ name|default:_("Nobody") }}</p>
{% blocktranslate trimmed with n=count %}
  You have {{ n }} calls
{% endblocktranslate %}
"""


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:
    settings.BASE_DIR = tmp_path
    (tmp_path / "agentdesk").mkdir()
    (tmp_path / "agentdesk/greeting.py").write_text(PYTHON)
    (tmp_path / "templates/calls").mkdir(parents=True)
    (tmp_path / "conversations/calls").mkdir(parents=True)
    (tmp_path / "templates/calls/calls.html").write_text(TEMPLATE)
    return tmp_path


def catalog(root: Path, app: str) -> Path:
    return root / app / "locale/ja/LC_MESSAGES/django.po"


def translate(root: Path, app: str, english: str, japanese: str) -> None:
    path = catalog(root, app)
    text = path.read_text()
    entry = f'msgid "{english}"\nmsgstr ""'
    assert entry in text
    path.write_text(text.replace(entry, entry[:-1] + f'{japanese}"'))


def complete(root: Path) -> None:
    call_command("messages")
    translate(root, "agentdesk", "Hello %(name)s", "%(name)s様")
    path = catalog(root, "agentdesk")
    path.write_text(path.read_text().replace('msgstr[0] ""', 'msgstr[0] "%(n)s日"'))
    translate(root, "conversations", "Phone", "電話")
    translate(root, "conversations", "Nobody", "なし")
    translate(root, "conversations", "You have %(n)s calls", "通話 %(n)s件")


def test_each_message_lands_in_the_catalog_of_its_app(root):
    call_command("messages")
    assert "Hello" in catalog(root, "agentdesk").read_text()
    conversations = catalog(root, "conversations").read_text()
    for message in ("Phone", "Nobody", "You have %(n)s calls"):
        assert f'msgid "{message}"' in conversations


def test_a_complete_catalog_passes_and_is_compiled(root):
    complete(root)
    call_command("messages", "--check")
    call_command("messages", "--compile")
    with catalog(root, "agentdesk").with_suffix(".mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    assert translations.gettext("Hello %(name)s") == "%(name)s様"
    assert translations.ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s日"


def test_renewing_keeps_what_is_translated_and_drops_what_nothing_says(root):
    complete(root)
    before = catalog(root, "agentdesk").read_text()
    call_command("messages")
    assert catalog(root, "agentdesk").read_text() == before
    (root / "agentdesk/greeting.py").write_text(PYTHON.replace("Hello", "Goodbye"))
    call_command("messages")
    after = catalog(root, "agentdesk").read_text()
    assert "%(n)s日" in after
    assert "Hello" not in after
    assert "様" not in after


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda text: text.replace("電話", ""), "untranslated: 'Phone'"),
        (lambda text: text.replace("%(n)s件", "%(m)s件"), "placeholders differ"),
        (
            lambda text: text.replace('msgid "Phone"', '#, fuzzy\nmsgid "Phone"'),
            "fuzzy",
        ),
        (lambda text: text.replace('msgid "Phone"', 'msgid "Fax"'), "missing: 'Phone'"),
    ],
)
def test_a_message_unfit_to_be_shown_fails_the_check_by_name(
    root, capsys, spoil, fault
):
    complete(root)
    path = catalog(root, "conversations")
    path.write_text(spoil(path.read_text()))
    with pytest.raises(CommandError, match="1 messages want"):
        call_command("messages", "--check")
    assert fault in capsys.readouterr().err


def test_one_message_with_two_translations_fails_the_check(root, capsys):
    (root / "agentdesk/greeting.py").write_text(f'{PYTHON}\nphone = _("Phone")\n')
    complete(root)
    translate(root, "agentdesk", "Phone", "電話番号")
    with pytest.raises(CommandError, match="1 messages want"):
        call_command("messages", "--check")
    complaint = "conversations: not as in agentdesk, give it a context: 'Phone'"
    assert complaint in capsys.readouterr().err
    calls = root / "templates/calls/calls.html"
    calls.write_text(TEMPLATE.replace('"Phone" %', '"Phone" context "channel" %'))
    call_command("messages")
    path = catalog(root, "conversations")
    path.write_text(
        path.read_text().replace('"Phone"\nmsgstr ""', '"Phone"\nmsgstr "電話"')
    )
    call_command("messages", "--check")


def test_words_of_jinja_templates_are_found_wherever_they_stand(root):
    (root / "templates/calls/_call.jinja").write_text(
        """{% component "button" label=_("Hold") data-tip=pgettext("call", "Hold") %}
        {% trans trimmed n=count %}{{ n }} ring{% pluralize n %}{{ n }} rings{% endtrans %}
        {% fill "footer" %}{{ "x" if one else _("Resume") }}{% endcomponent %}"""
    )
    call_command("messages")
    found = catalog(root, "conversations").read_text()
    assert 'msgctxt "call"\nmsgid "Hold"' in found
    assert 'msgid "%(n)s ring"\nmsgid_plural "%(n)s rings"' in found
    assert 'msgid "Resume"' in found
    assert found.count('msgid "Hold"') == 2
