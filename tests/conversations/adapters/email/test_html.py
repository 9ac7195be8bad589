"""The HTML of strangers, made safe to show and read as text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.adapters.email.html import clean_html, text_of_html
from conversations.adapters.email.html_bounds import bounded
from tests.effort import assert_effort_below

PIXEL = "https://track.example/p.gif?a=1&amp;b=2"


def shown(html: str) -> str:
    return clean_html(html).html


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>x",
        "<p onclick=alert(1)>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java\tscript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<img src=javascript:alert(1) onerror=alert(1)>x",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>x",
        "<form action=https://a.example><input name=a></form>x",
        "<iframe src=https://a.example></iframe>x",
        "<object data=a></object><embed src=a>x",
        "<link rel=stylesheet href=https://a.example/a.css>x",
        "<style>@import url(https://a.example)</style>x",
        "<base href=https://a.example><meta http-equiv=refresh content=0>x",
        "<svg onload=alert(1)><a xlink:href=javascript:alert(1)></svg>x",
        "x<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<p style='background:url(https://a.example/a.png)'>x</p>",
        "<p style='background:u\\72l(https://a.example/a.png)'>x</p>",
        "<p style='background:image-set(\"https://a.example/a.png\" 1x)'>x</p>",
        "<p style='position:fixed;z-index:9;behavior:url(a)'>x</p>",
        "<title>hidden</title>x",
    ],
)
def test_nothing_runs_fetches_or_covers_the_desk(html):
    cleaned = clean_html(html)
    for shown in (cleaned.html, cleaned.with_pictures):
        assert "x" in shown
        assert not re.search(
            r"script|alert|\son\w+=|<(?:form|input|iframe|object|embed|link|style|"
            r"base|meta|svg|math)|url|a\.example|image-set|position|hidden|svg\+xml",
            shown,
        )


def test_a_link_opens_elsewhere_and_tells_nothing():
    assert shown('<a href="https://a.example/?x&y" target="_top">a</a>') == (
        '<a href="https://a.example/?x&amp;y" target="_blank"'
        ' rel="noopener noreferrer nofollow">a</a>'
    )
    for address in ("mailto:a@a.example", "tel:0312345678"):
        assert f'href="{address}"' in shown(f'<a href="{address}">a</a>')
    assert "href" not in shown('<a href="//a.example/">a</a><a href="/x">b</a>')


def test_remote_pictures_wait_until_they_are_asked_for():
    cleaned = clean_html(
        f'<img src="{PIXEL}" srcset="https://a.example/2 2x" alt="x">'
        '<table background="http://a.example/bg.png"><tr><td>t</td></tr></table>'
    )
    assert cleaned.blocked == 2
    assert not re.search(r"\s(?:src|srcset|background)=", cleaned.html)
    assert f'data-blocked-src="{PIXEL}"' in cleaned.html
    assert f' src="{PIXEL}"' in cleaned.with_pictures
    assert ' background="http://a.example/bg.png"' in cleaned.with_pictures
    assert "data-blocked" not in cleaned.with_pictures


def test_a_picture_has_one_address_and_no_second_one_beside_an_attached_one():
    local = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    for first in (local, "cid:a", "CID:none", PIXEL):
        html = f'<img src="{local}" srcset="{first} 1x, https://a.example/2.png 2x">'
        cleaned = clean_html(html, {"a": "/files/1/"})
        assert "a.example/2" not in cleaned.html + cleaned.with_pictures
        assert cleaned.blocked == 0


def test_a_mail_cannot_unblock_its_own_pictures():
    html = '<img data-blocked-src="x" alt=\'<img src="https://a.example/1.gif">\'>'
    cleaned = clean_html(f'{html}&lt;img src="https://a.example/2.gif"&gt;')
    assert cleaned.blocked == 0
    assert "data-blocked" not in cleaned.html
    assert cleaned.html.count("<img ") == 1


def test_attached_pictures_are_in_their_place():
    html = '<img src="cid:a%40b"><img src="CID:c@d"><img src="cid:none" alt="n">'
    cleaned = clean_html(html, {"a@b": "/files/1/?x&y", "c@d": "/files/2/"})
    assert cleaned.html == (
        '<img src="/files/1/?x&amp;y"><img src="/files/2/"><img alt="n">'
    )
    assert cleaned.blocked == 0


def test_colours_and_sizes_stay():
    html = '<td style="background:#ff0;color:red;padding:4px" bgcolor="#fff">x</td>'
    cleaned = shown(f"<table><tr>{html}</tr></table>")
    assert 'style="background:#ff0;color:red;padding:4px"' in cleaned
    assert 'bgcolor="#fff"' in cleaned


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一</p><p>二</p>", "一\n\n二"),
        ("一<br>二&nbsp;三", "一\n二 三"),
        (
            "<table><tr><td>品</td><td>2</td></tr><tr><td>計</td><td>3</td></tr></table>",
            "品 2\n計 3",
        ),
        ("<style>p{}</style><script>x</script><title>t</title><p>一</p>", "一"),
        ('<div style="display:none">preheader</div>本文', "本文"),
        ('<p style="color:red; display: none !important">pre</p>本文', "本文"),
        ("<div style='MAX-HEIGHT:0px;overflow:hidden'>pre</div>本文", "本文"),
        ('<span style="visibility:hidden">pre</span>本文', "本文"),
        ('<div style="max-height:0.5em;line-height:0">本文</div>', "本文"),
        ("<ul><li>一</li><li>二</li></ul>", "* 一\n* 二"),
        ('<?xml version="1.0" encoding="shift_jis"?><p>一</p>', "一"),
        ("<!-- only a comment -->", ""),
        ("plain &lt;words&gt;", "plain <words>"),
        ("", ""),
    ],
)
def test_the_words_of_html_are_read(html, text):
    read = "\n".join(line.strip() for line in text_of_html(html).split("\n"))
    assert read.strip() == text


HOSTILE = {
    "depth": "<div>" * 1_000_000,
    "depth that hides": "<div><table></div></table>" * 100_000,
    "attributes": "<p " + " ".join(f"a{n}" for n in range(200_000)) + ">x",
    "quoted attributes": "<p " + "".join(f'a{n}="{n}"' for n in range(100_000)) + ">x",
    "open formatting": "<p>"
    + "".join(f"<font color=c{n}>" for n in range(200))
    + "<p>x" * 50_000,
    "tag names": "<a" * 1_000_000,
    "open quotes": "<a b=\"<a b='" * 200_000,
    "comments": "<!--" * 500_000,
    "tables": "<table><tr><td>" * 50_000,
    "wide table": "<table><tr><td>" + "a" * 200_000 + "<tr><td>x" * 3_000 + "</table>",
    "line breaks": "<br>" * 1_250_000,
    "ampersands": "&" * 1_000_000,
    "links left open": "<a href=x>" * 500_000,
    "paragraphs in bold": "<b><p>" * 800_000,
    "five megabytes": "<p>長い <b>メール</b></p>" * 260_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_html_made_to_exhaust_us_does_not(name):
    read: list[str] = []

    def work():
        read[:] = clean_html(HOSTILE[name]).html, text_of_html(HOSTILE[name])

    assert_effort_below(1.5, work)
    html, text = read
    assert len(html) < 6_000_000
    assert len(text) < 600_000


@pytest.mark.parametrize("attribute", [" a{}", "/a{}", ' a{}="1"', "\ta{} = '<'"])
def test_a_tag_keeps_no_more_attributes_than_a_parser_bears(attribute):
    tag = "<p" + "".join(attribute.format(n) for n in range(1_000)) + ' title="t">x'
    shortened, _is_whole = bounded(f"<i>i</i>{tag}<p class='c'>y", 1_000_000)
    assert 90 < len(re.findall(r"\ba\d+", shortened)) <= 110
    assert shortened.startswith("<i>i</i><p")
    assert shortened.endswith(">x<p class='c'>y")


TAGS = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<table>",
        "<td>",
        "</table>",
        "<img src='http://a/'>",
        '<p title="',
        "'>",
        "<!--",
        "-->",
        '<a href="',
        "&#0;",
        "&lt;",
        "<script>",
        "</script>",
        "\x00",
        "cid:",
        "=",
        '"',
    ]
)


@settings(deadline=None)
@given(st.lists(TAGS | st.text(max_size=8), max_size=30).map("".join))
def test_any_html_is_shown_without_a_remote_source(html):
    cleaned = clean_html(html)
    for tag in re.findall(r"<img(?: [a-z-]+=\"[^\"]*\")*>", cleaned.html):
        assert ' src="http' not in tag
    assert clean_html(cleaned.with_pictures).with_pictures == cleaned.with_pictures
    text_of_html(html).encode("utf-8")
