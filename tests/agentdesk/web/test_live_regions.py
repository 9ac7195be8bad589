"""What a part of a page declares in order to read itself again by itself."""

import re

from agentdesk.web.live_regions import live_region, topic


def declared(*args, **options) -> dict[str, str | bool]:
    text = live_region(*args, **options)
    found: dict[str, str | bool] = dict(re.findall(r'([\w-]+)="([^"]*)"', text))
    found["gather"] = " gather " in text
    return found


def test_it_says_what_it_hears_and_where_it_is_read():
    found = declared("/head/", topic(12, "customer"), "customer_changed")
    assert found == {
        "topics": "customer:12",
        "kinds": "customer_changed",
        "hx-get": "/head/",
        "hx-trigger": "none",
        "hx-swap": "outerHTML",
        "hx-sync": "this:replace",
        "hx-disinherit": "hx-sync",
        "gather": False,
    }


def test_several_topics_a_burst_and_the_version_on_the_screen():
    topics = [topic(1, "account"), topic(2, "account")]
    found = declared("/list/", topics, "list_changed", gather=True, delay=200, seen=3)
    assert found["topics"] == "account:1 account:2"
    assert (found["gather"], found["delay"]) == (True, "200")
    assert found["hx-get"] == "/list/?seen=3"


def test_an_address_with_a_mark_in_it_stays_an_attribute():
    assert 'hx-get="/a?x=1&amp;y=2"' in live_region("/a?x=1&y=2", "", "changed")
