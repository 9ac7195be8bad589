"""Jinja's templates beside Django's: the same words, escaping, components and filters."""

import pytest
from django.template import Context, Template, engines
from django.utils import translation


def drawn_by_jinja(source: str, **values: object) -> str:
    environment = engines["jinja"].env.others[translation.get_language()]
    return environment.from_string(source).render(values)


def drawn_by_django(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_what_people_write_is_escaped_and_what_we_write_is_not():
    name = "<b>&'"
    page = drawn_by_jinja(
        "{{ name }}|{% trans name=name %}Reply to {{ name }}{% endtrans %}", name=name
    )
    assert "<b>" not in page
    assert page.count("&lt;b&gt;&amp;&#39;") == 2


def test_words_follow_the_reader_though_they_are_compiled_in():
    with translation.override("ja"):
        assert drawn_by_jinja('{{ _("Customers") }}') == "顧客"
        assert drawn_by_jinja('{{ pgettext("speaker", "Customer") }}') == "お客様"
    with translation.override("en"):
        assert drawn_by_jinja('{{ _("Customers") }}') == "Customers"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_component_is_the_same_in_both_engines(language):
    source = (
        '{% component "badge" tone=tone label=_("Verified") data-tooltip=name '
        "data-none=nothing aria-pressed=yes %}{% endcomponent %}"
    )
    values = {"tone": "info", "name": "<b>", "nothing": None, "yes": True}
    with translation.override(language):
        by_jinja = drawn_by_jinja(source, **values)
        assert by_jinja == drawn_by_django(source, **values)
    assert 'data-tooltip="&lt;b&gt;"' in by_jinja
    assert "data-none" not in by_jinja
    assert " aria-pressed>" in by_jinja


def test_a_part_knows_nothing_but_what_it_is_given():
    source = '{% part "desk/_lightbox.jinja" %}{% part "desk/_rows.jinja" page=page %}'
    page = drawn_by_django(source, page={"rows": []}, shown=7)
    assert 'value="7"' not in page


def test_an_address_with_numbers_is_that_of_django():
    from_jinja = drawn_by_jinja(
        '{{ url("desk:message", one, other) }} {{ url_or_none("no:such", 1) }}',
        one=12,
        other=345,
    )
    from_django = drawn_by_django('{% url "desk:message" 12 345 %}')
    assert from_jinja.split() == [from_django]
