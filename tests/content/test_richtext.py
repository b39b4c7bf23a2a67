from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.models import RichText
from content.richtext import BODY_TAGS, BRIEF_TAGS, clean_html
from tests.content.factories import add_block, make_page

ATTACK = '<h2 onclick="x()">Hi</h2><script>alert(1)</script><p style="color:red">There</p>'


def test_it_keeps_what_the_editor_offers() -> None:
    html = '<h2>A</h2><p>B <strong>c</strong> <em>d</em> <a href="/goals/">e</a></p><ul><li><p>f</p></li></ul>'
    assert clean_html(html, tags=BODY_TAGS) == html


def test_it_drops_scripts_handlers_and_styles() -> None:
    assert clean_html(ATTACK, tags=BODY_TAGS) == "<h2>Hi</h2><p>There</p>"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", "vbscript:x"])
def test_it_drops_link_targets_that_could_run_code(href: str) -> None:
    assert clean_html(f'<p><a href="{href}">x</a></p>', tags=BODY_TAGS) == "<p><a>x</a></p>"


@pytest.mark.parametrize("href", ["/goals/", "https://example.org/", "tel:988", "sms:988", "mailto:a@example.org"])
def test_it_keeps_links_that_readers_need(href: str) -> None:
    assert href in clean_html(f'<p><a href="{href}">x</a></p>', tags=BODY_TAGS)


def test_it_turns_pasted_tags_into_the_ones_we_use() -> None:
    assert clean_html("<h1>A</h1><div><b>b</b> <i>c</i></div>", tags=BODY_TAGS) == (
        "<h2>A</h2><p><strong>b</strong> <em>c</em></p>"
    )


def test_brief_text_has_no_headings() -> None:
    assert clean_html("<h2>A</h2><p>b</p>", tags=BRIEF_TAGS) == "A<p>b</p>"


@pytest.mark.parametrize("blank", ["", "<p></p>", "<p> </p><p><br></p>", "<p>&nbsp;</p>"])
def test_nothing_but_blank_paragraphs_is_empty(blank: str) -> None:
    assert clean_html(blank, tags=BODY_TAGS) == ""


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_html(text, tags=BODY_TAGS)
    assert clean_html(once, tags=BODY_TAGS) == once


@pytest.mark.django_db
def test_a_plain_save_is_cleaned() -> None:
    block = add_block(make_page(blocks=0), RichText, body=ATTACK)
    assert block.body == "<h2>Hi</h2><p>There</p>"
    block.refresh_from_db()
    assert block.body == "<h2>Hi</h2><p>There</p>"


@pytest.mark.django_db
def test_a_queryset_update_is_cleaned() -> None:
    block = add_block(make_page(blocks=0), RichText, body="<p>x</p>")
    RichText.objects.update(body=ATTACK)
    block.refresh_from_db()
    assert "script" not in block.body


@pytest.mark.django_db
def test_a_bulk_create_is_cleaned() -> None:
    page = make_page(blocks=0)
    RichText.objects.bulk_create([RichText(parent=page, region="main", ordering=1, body=ATTACK)])
    assert RichText.objects.get().body == "<h2>Hi</h2><p>There</p>"
