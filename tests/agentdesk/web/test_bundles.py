"""Every bundle holds all that its entry imports, once, and each module before its users."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from agentdesk.web import bundles
from agentdesk.web.bundles import BUNDLES, Bundle, BundleError, modules_of, text_of

SCRIPTS = sorted(name for name in BUNDLES if name.endswith(".js"))
STATIC = Path(__file__).parents[3] / "agentdesk/static"


@pytest.fixture
def sources(monkeypatch) -> dict[str, str]:
    """Files that are written down by a test."""
    files: dict[str, str] = {}
    monkeypatch.setattr(bundles, "source", files.__getitem__)
    monkeypatch.setitem(BUNDLES, "made.js", Bundle("js/entry.js"))
    return files


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_bundle_has_each_module_once_and_after_what_it_imports(name):
    text = text_of(name)
    made = re.findall(r'^modules\["([^"]+)"\] \?\?= ', text, re.MULTILINE)
    assert len(made) == len(set(made))
    beside = BUNDLES[name].beside
    shared = modules_of(BUNDLES[beside].entry) if beside else []
    assert made == [
        file for file in modules_of(BUNDLES[name].entry) if file not in shared
    ]
    used = re.findall(r'^const .+ = modules\["([^"]+)"\];$', text, re.MULTILINE)
    assert set(used) <= {*made, *shared}


def test_every_script_of_ours_is_in_a_bundle():
    bundled = {file for name in SCRIPTS for file in modules_of(BUNDLES[name].entry)}
    ours = [
        str(path.relative_to(STATIC))
        for folder in ("js", "chat")
        for path in (STATIC / "agentdesk" / folder).rglob("*.js")
    ]
    assert sorted(file for file in bundled if file.endswith(".js")) == sorted(ours)


def test_every_style_sheet_of_ours_is_in_a_bundle_or_served_by_itself():
    bundled = "".join(text_of(name) for name in BUNDLES if name.endswith(".css"))
    folder = STATIC / "agentdesk/css"
    missing = {
        path.name
        for path in folder.rglob("*.css")
        if path.parent.name != "entries"
        and f"/* agentdesk/css/{path.relative_to(folder)} */" not in bundled
    }
    assert missing == {"mail-frame.css", "styleguide.css"}


def test_what_is_exported_and_imported_meets(sources):
    sources["js/entry.js"] = (
        'import { one, two as zwei } from "./other.js";\nzwei(one);\n'
    )
    sources["js/other.js"] = (
        "export const one = 1;\nexport async function two(number) {}\n"
    )
    text = text_of("made.js")
    assert 'const { one, two: zwei } = modules["js/other.js"];' in text
    assert (
        "\nconst one = 1;\nasync function two(number) {}\nreturn { one, two };" in text
    )
    assert text.index('modules["js/other.js"] ??=') < text.index("zwei(one)")


@pytest.mark.parametrize(
    "statement",
    [
        'import * as all from "./other.js";',
        'export { one } from "./other.js";',
        "export let one = 1;",
        "export default 1;",
    ],
)
def test_a_statement_that_is_not_understood_is_refused(sources, statement):
    sources["js/entry.js"] = f"{statement}\n"
    sources["js/other.js"] = ""
    with pytest.raises(BundleError, match=r"js/entry\.js"):
        text_of("made.js")


def test_a_circle_of_imports_is_refused(sources):
    sources["js/entry.js"] = 'import "./other.js";\n'
    sources["js/other.js"] = 'import "./entry.js";\n'
    with pytest.raises(BundleError, match="circle"):
        text_of("made.js")


def test_a_bundle_is_written_anew_where_a_source_has_changed(sources):
    sources["js/entry.js"] = "first();\n"
    path = Path(str(finders.find("made.js")))
    assert "first();" in path.read_text(encoding="utf-8")
    before = path.stat().st_mtime_ns
    finders.find("made.js")
    assert path.stat().st_mtime_ns == before
    sources["js/entry.js"] = "second();\n"
    finders.find("made.js")
    assert "second();" in path.read_text(encoding="utf-8")
