"""Nothing of a mail is fetched from anywhere before it is asked for.

The frame has a policy that forbids it as well; here the cleaned page stands alone.
"""

import pytest
from playwright.sync_api import Page

from conversations.adapters.email.html import clean_html

AWAY = "https://tracker.example.net/"
LOCAL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
VECTORS = f"""
<img src="{AWAY}img"><img src=" {AWAY}space"><img src="//tracker.example.net/scheme">
<img src="{LOCAL}" srcset="{LOCAL} 1x, {AWAY}srcset 1x"><img srcset="{AWAY}only 1x">
<img src="{LOCAL}" srcset="cid:x 1x, {AWAY}cid 1x" sizes="100vw" lowsrc="{AWAY}low">
<picture><source srcset="{AWAY}source"><img src="{LOCAL}"></picture>
<video poster="{AWAY}poster" src="{AWAY}video" autoplay><source src="{AWAY}v2"></video>
<audio src="{AWAY}audio" autoplay></audio><embed src="{AWAY}embed">
<object data="{AWAY}object"></object><iframe src="{AWAY}frame"></iframe>
<svg><image href="{AWAY}svg" xlink:href="{AWAY}xlink"/><use href="{AWAY}use#a"/></svg>
<svg><style>@import url({AWAY}svgstyle);</style><feImage href="{AWAY}fe"/></svg>
<math><mtext><img src="{AWAY}math"></mtext></math><input type="image" src="{AWAY}input">
<link rel="stylesheet" href="{AWAY}css"><link rel="preload" as="image" href="{AWAY}pre">
<link rel="prefetch" href="{AWAY}prefetch"><link rel="dns-prefetch" href="{AWAY}dns">
<style>@import "{AWAY}import"; body {{ background: url({AWAY}style) }}
@font-face {{ font-family: x; src: url({AWAY}font) }}</style>
<meta http-equiv="refresh" content="0;url={AWAY}meta"><base href="{AWAY}base/">
<p style="background:url({AWAY}p1)">x</p><p style="background:u\\72l({AWAY}p2)">x</p>
<p style="background-image:image-set('{AWAY}p3' 1x)">x</p>
<p style="list-style-image:url({AWAY}p4);cursor:url({AWAY}p5),auto">x</p>
<p style="background:/**/url&#40;{AWAY}p6&#41;;content:url({AWAY}p7)">x</p>
<p style="font-family:x;border-image:url({AWAY}p8) 1;mask:url({AWAY}p9)">x</p>
<table background="{AWAY}table"><tr><td background="{AWAY}td">x</td></tr></table>
<body background="{AWAY}body"><a href="{AWAY}link" ping="{AWAY}ping">x</a>
<img alt='"><img src="{AWAY}attribute">'><noscript><img src="{AWAY}noscript"></noscript>
<!--[if mso]><img src="{AWAY}mso"><![endif]--><template><img src="{AWAY}t"></template>
"""


@pytest.fixture
def fetched(window) -> tuple[Page, list[str]]:
    page, addresses = window().new_page(), []

    def refuse(route) -> None:
        addresses.append(route.request.url)
        route.abort()

    page.route("**/*", refuse)
    return page, addresses


def test_no_address_of_a_mail_is_called_before_it_is_asked_for(fetched):
    page, addresses = fetched
    page.set_content(clean_html(VECTORS).html, wait_until="load")
    page.wait_for_function("document.readyState === 'complete'")
    assert addresses == []


def test_only_plain_pictures_are_fetched_once_they_are_asked_for(fetched):
    page, addresses = fetched
    page.set_content(clean_html(VECTORS).with_pictures, wait_until="load")
    kinds = {address.removeprefix(AWAY) for address in addresses}
    assert {"img", "table", "td"} <= kinds
    assert kinds <= {"img", "space", "table", "td", "math", "noscript"}
