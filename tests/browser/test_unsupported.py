"""A browser that is too old says so; one that is not says nothing."""

from playwright.sync_api import Page, Route, expect


def _as_an_older_browser(page: Page) -> None:
    """Its style sheets are read as a browser reads them that has no light-dark()."""

    def answer(route: Route) -> None:
        response = route.fetch()
        text = response.text().replace("light-dark(", "unknown-function(")
        route.fulfill(response=response, body=text)

    page.route("**/*.css", answer)


def test_an_old_browser_is_told_which_ones_will_do(window, signed_in, agent):
    page = window().new_page()
    sentence = page.locator(".unsupported")
    page.goto("/accounts/login/")
    expect(sentence).to_be_hidden()
    _as_an_older_browser(page)
    page.reload()
    expect(sentence).to_contain_text("Firefox 125")
    expect(sentence).to_be_in_viewport()
    expect(page.locator("[name=login]")).to_be_visible()
    colours = sentence.evaluate(
        "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    )
    assert colours == ["rgb(61, 46, 0)", "rgb(255, 243, 196)"]
    desk = signed_in(agent)
    _as_an_older_browser(desk)
    desk.goto("/desk/")
    expect(desk.locator(".unsupported")).to_be_in_viewport()
    expect(desk.locator("#pane-list")).to_be_visible()


def test_a_page_stays_without_the_chat_where_it_could_not_run(window, shop):
    context = window()
    context.add_init_script("delete window.ResizeObserver")
    page = context.new_page()
    problems: list[object] = []
    page.on("pageerror", lambda error: problems.append(error))
    page.goto(f"{shop}plain/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("agentdesk-chat")).to_have_count(0)
    assert problems == []
