"""The desk as an app: its manifest, and a service worker that keeps nobody's data."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

pytestmark = pytest.mark.django_db


def icon_of(address: str) -> Image.Image:
    path = finders.find(address.removeprefix("/static/"))
    return Image.open(BytesIO(Path(str(path)).read_bytes()))


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "チャネル"), ("en", "conversation")]
)
def test_the_manifest_is_what_an_installer_asks_for_in_both_languages(
    client, language, word
):
    response = client.get(f"/manifest.webmanifest?lang={language}")
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert manifest["lang"] == language
    assert word in manifest["description"]
    assert manifest["display"] == "standalone"
    assert manifest["start_url"].startswith(manifest["scope"])
    found = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert found >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for icon in manifest["icons"]:
        with icon_of(icon["src"]) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_a_maskable_icon_is_filled_to_its_edge():
    with icon_of("/static/agentdesk/install/maskable-512.png") as picture:
        filled = picture.convert("RGBA")
    assert {filled.getpixel(place)[3] for place in ((0, 0), (511, 0), (0, 511))} == {
        255
    }


def test_the_worker_keeps_files_of_the_product_and_the_page_for_no_line_alone(client):
    response = client.get("/sw.js")
    assert response.headers["Content-Type"] == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    shell = json.loads(re.match(r"const SHELL = (.*);", response.text)[1])
    assert all(name.startswith("/static/agentdesk/") for name in shell["files"])
    assert shell["offline"] == {"ja": "/offline/ja/", "en": "/offline/en/"}
    assert ".put(" not in response.text


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "接続がありません"), ("en", "No connection")]
)
def test_the_page_for_no_line_is_the_same_for_everybody(
    client, agent, client_of, language, word
):
    address = f"/offline/{language}/"
    page = client.get(address).content
    assert word in page.decode()
    assert client_of(agent).get(address).content == page


def test_pages_name_the_manifest_and_may_start_a_worker_of_ours_alone(client):
    response = client.get("/accounts/login/")
    assert 'rel="manifest" href="/manifest.webmanifest?lang=ja"' in response.text
    policy = response.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
