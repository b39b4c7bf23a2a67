from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import (
    BLOCK_MODELS,
    Callout,
    CallToAction,
    CareCard,
    Image,
    KeyFact,
    LadderPicture,
    LevelsTable,
    ListItem,
    Milestone,
    Page,
    Picture,
    Practice,
    Question,
    Reference,
    RichText,
    Step,
    WeekPicture,
)
from content.publishing import digest_of, freeze, keep_version
from content.restoring import RestoreRefused, restore
from content.richtext import BODY_TAGS, BRIEF_TAGS, clean_html
from tests.content.desk import make_member, write
from tests.content.factories import make_page

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)

LINE = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=24)
HTML = st.text(st.characters(codec="utf-8", exclude_characters="\x00") | st.sampled_from("<>&/pha \"'"), max_size=60)


def rich(tags: set[str]) -> st.SearchStrategy[str]:
    """What the fields of blocks hold: clean HTML of any words."""
    return HTML.map(lambda words: clean_html(f"<p>{words}</p><ul><li>{words}</li></ul>", tags=tags))


BRIEF, BODY = rich(BRIEF_TAGS), rich(BODY_TAGS)
# Every type with fields of any content; `picture` and `target` are filled in with what there is.
BLOCKS: dict[type, dict[str, st.SearchStrategy[Any]]] = {
    RichText: {"body": BODY},
    ListItem: {"term": LINE, "explanation": BRIEF},
    KeyFact: {"figure": LINE, "label": LINE},
    Step: {"title": LINE, "body": BRIEF},
    Question: {"question": LINE, "answer": BRIEF},
    Callout: {"kind": st.sampled_from(Callout.Kind.values), "heading": LINE, "body": BRIEF},
    CareCard: {"kind": st.sampled_from(CareCard.Kind.values), "heading": LINE, "body": BRIEF},
    Image: {"alt": LINE, "is_decorative": st.booleans(), "caption": LINE},
    CallToAction: {"heading": LINE, "text": LINE, "label": LINE, "target": st.booleans()},
    Reference: {"citation": LINE, "doi": LINE, "url": st.just("https://example.org/"), "note": LINE},
    LevelsTable: {"heading": LINE, "ages": st.sampled_from(["", "adults", "teens"])},
    Practice: {"topic": LINE, "we_do": BRIEF, "we_do_not": BRIEF},
    WeekPicture: {
        "heading": LINE,
        "kind": st.sampled_from(["iop", "php"]),
        "ages": st.sampled_from(["adults", "teens"]),
    },
    LadderPicture: {"heading": LINE, "ages": st.sampled_from(["adults", "teens"])},
    Milestone: {"day": st.integers(0, 730), "title": LINE, "body": BRIEF},
}
BLOCK = st.one_of(*(st.tuples(st.just(model), st.fixed_dictionaries(fields)) for model, fields in BLOCKS.items()))


def fill(page: Page, blocks: list[tuple[type, dict[str, Any]]]) -> None:
    """Give the page these blocks, each with the fields of its type."""
    other, _is_new = Page.objects.get_or_create(
        slug="other", defaults={"title": "Other", "summary": "The short answer of the other page."}
    )
    for place, (model, fields) in enumerate(blocks, start=1):
        values = dict(fields)
        if model is CallToAction:
            values["target"] = other if values["target"] else None
        if model is Image:
            values["picture"], _is_new = Picture.objects.get_or_create(
                digest="a" * 64, defaults={"name": "A room", "width": 900, "height": 500}
            )
        model.objects.create(parent=page, region="main", ordering=place * 10, **values)


def uids(page: Page) -> list[str]:
    return [block["uid"] for block in freeze(page)["blocks"]]


def test_every_type_of_block_is_tried() -> None:
    assert set(BLOCKS) == set(BLOCK_MODELS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(BLOCK, max_size=6), second=st.lists(BLOCK, max_size=4), title=LINE, has_related=st.booleans())
def test_what_was_frozen_comes_back_to_the_letter(
    first: list[Any], second: list[Any], title: str, has_related: bool
) -> None:
    page = make_page(blocks=0, title=title)
    fill(page, first)
    if has_related:
        page.related_pages.set(Page.objects.exclude(pk=page.pk)[:3])
    version = keep_version(page=page, by=None)
    before = uids(page)
    for model in BLOCK_MODELS:
        model.objects.filter(parent=page).delete()
    fill(page, second)
    Page.objects.filter(pk=page.pk).update(title="Changed", slug=f"changed-{next(_numbers)}", order=9)
    page.related_pages.clear()
    restore(version=version, by=None)
    restored = Page.objects.get(pk=page.pk)
    assert digest_of(freeze(restored)) == version.digest
    assert uids(restored) == before


def test_blocks_keep_their_ids_and_pictures_and_targets() -> None:
    page = make_page(blocks=0)
    fill(page, [(model, dict.fromkeys(fields, "x") | extra) for model, fields, extra in FIXED])
    before = freeze(page)
    version = keep_version(page=page, by=None)
    for model in BLOCK_MODELS:
        model.objects.filter(parent=page).delete()
    restore(version=version, by=None)
    assert freeze(Page.objects.get(pk=page.pk)) == before
    assert len(before["blocks"]) == len(BLOCK_MODELS)


NO_WORDS: dict[type, dict[str, Any]] = {
    Image: {"is_decorative": False},
    CallToAction: {"target": True},
    Milestone: {"day": 3},
}
FIXED = [(model, fields, NO_WORDS.get(model, {})) for model, fields in BLOCKS.items()]


def test_the_draft_is_kept_first_with_a_note_that_says_why() -> None:
    page = make_page()
    version = keep_version(page=page, by=None)
    write(page, "<p>Newer words.</p>")
    newer = digest_of(freeze(page))
    restore(version=version, by=None)
    kept = page.versions.get(number=2)
    assert kept.digest == newer
    assert kept.change_note == "Kept before version 1 was restored"
    restore(version=kept, by=None)
    assert digest_of(freeze(Page.objects.get(pk=page.pk))) == newer


def test_nothing_is_kept_twice() -> None:
    page = make_page()
    version = keep_version(page=page, by=None)
    restore(version=version, by=None)
    assert page.versions.count() == 1


def test_whoever_wrote_the_restored_words_still_may_not_sign_them() -> None:
    author, other = make_member(), make_member()
    page = make_page()
    version = keep_version(page=page, by=author)
    write(page, "<p>Newer words.</p>")
    restore(version=version, by=other)
    assert Page.objects.get(pk=page.pk).draft_author_ids == [author.pk]


def test_an_editor_who_has_the_page_open_is_told_of_it() -> None:
    page = make_page()
    version = keep_version(page=page, by=None)
    restore(version=version, by=None)
    assert Page.objects.get(pk=page.pk).edit_number == page.edit_number + 1


def test_a_picture_that_is_gone_is_a_refusal_and_nothing_is_changed() -> None:
    page = make_page(blocks=0)
    fill(page, [(Image, {"alt": "A room"})])
    version = keep_version(page=page, by=None)
    Image.objects.all().delete()
    Picture.objects.all().delete()
    fill(page, [(RichText, {"body": "<p>Newer words.</p>"})])
    with pytest.raises(RestoreRefused, match="not in the library any more"):
        restore(version=version, by=None)
    assert RichText.objects.get(parent=page).body == "<p>Newer words.</p>"


def test_a_target_that_is_gone_leaves_the_way_to_admissions() -> None:
    page = make_page(blocks=0)
    fill(page, [(CallToAction, {"heading": "Talk", "target": True})])
    version = keep_version(page=page, by=None)
    Page.objects.get(slug="other").delete()
    restore(version=version, by=None)
    assert CallToAction.objects.get(parent=page).target is None


def test_two_hundred_blocks_take_the_queries_of_two(django_assert_max_num_queries: Any) -> None:
    page = make_page(blocks=200)
    version = keep_version(page=page, by=None)
    with django_assert_max_num_queries(70):
        restore(version=version, by=None)
    assert RichText.objects.filter(parent=page).count() == 200
