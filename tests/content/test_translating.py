from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from pytest_django import Settings

from content import reviewing, translating, trash
from content.freezing import blocks_of, digest_of, freeze
from content.models import CallToAction, Page, ReviewerRole, RichText
from content.publishing import PublishingRefused, keep_version, publish
from content.restoring import RestoreRefused, restore
from content.transfer.exporting import export_site
from content.transfer.importing import import_site
from content.translating import TranslationRefused
from tests.content.factories import add_block, live_publication, make_live_page, make_page
from tests.content.reviewers import PUBLIC_ROLE, live_version, make_reviewer, sign
from tests.content.transferring import empty_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return User.objects.create_user("translator")


def standing(page: Page) -> Page:
    """`page` as the database has it, with the digest of its source."""
    return translating.with_source_digest(Page.objects.filter(pk=page.pk)).get()


# --- Beginning one --------------------------------------------------------------------------------------------------


def test_a_translation_begins_with_a_copy_of_what_visitors_see(by: User) -> None:
    source = make_live_page(slug="goals", title="Goals", nav_title="Our goals", order=7, is_in_menu=True)
    Page.objects.filter(pk=source.pk).update(title="A draft that nobody sees")
    made = translating.start(source=source, language="es", by=by)
    assert (made.language, made.slug, made.title, made.order) == ("es", "goals", "Goals", 7)
    assert made.is_in_menu
    assert made.translation_of == source
    assert made.translated_digest == live_publication(source).version.digest
    assert made.draft_author_ids == [by.pk]
    assert not made.versions.exists()


def test_its_blocks_are_its_own_and_in_the_same_order(by: User) -> None:
    source = make_page(blocks=2)
    add_block(source, CallToAction, heading="Ready?")
    publish(page=source, by=None)
    made = translating.start(source=source, language="es", by=by)
    before, after = freeze(source)["blocks"], freeze(made)["blocks"]
    assert [block | {"uid": ""} for block in after] == [block | {"uid": ""} for block in before]
    assert not {block["uid"] for block in after} & {block["uid"] for block in before}


def test_its_links_lead_to_translated_pages_where_there_are_some(by: User) -> None:
    goals, costs = make_live_page(slug="goals"), make_live_page(slug="costs")
    metas = make_page(slug="metas", language="es", translation_of=goals)
    source = make_page(blocks=0)
    source.related_pages.set([goals, costs])
    add_block(source, RichText, body=f'<p><a href="page:{goals.uid}#a">1</a> <a href="page:{costs.uid}">2</a></p>')
    add_block(source, CallToAction, heading="Ready?", target=goals)
    publish(page=source, by=None)
    made = translating.start(source=source, language="es", by=by)
    text, action = blocks_of(made)
    assert text.body == f'<p><a href="page:{metas.uid}#a">1</a> <a href="page:{costs.uid}">2</a></p>'
    assert action.target == metas
    assert set(made.related_pages.all()) == {metas, costs}


def test_without_a_version_the_draft_is_kept_as_one(by: User) -> None:
    source = make_page(title="Never published")
    made = translating.start(source=source, language="es", by=by)
    [version] = source.versions.all()
    assert made.translated_digest == version.digest == digest_of(freeze(source))


def test_an_address_that_is_taken_gets_a_number_but_the_front_page_does_not(by: User) -> None:
    make_page(slug="goals", language="es")
    assert translating.start(source=make_live_page(slug="goals"), language="es", by=by).slug == "goals-2"
    make_page(slug="home", language="es")
    with pytest.raises(TranslationRefused, match="belongs to the page"):
        translating.start(source=make_live_page(slug="home"), language="es", by=by)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_begins_in_no_language_but_the_sites_others(by: User, language: str) -> None:
    with pytest.raises(TranslationRefused):
        translating.start(source=make_live_page(), language=language, by=by)
    assert Page.objects.count() == 1


def test_there_is_one_in_each_language_and_none_of_a_translation(by: User) -> None:
    source = make_live_page(slug="goals")
    made = translating.start(source=source, language="es", by=by)
    with pytest.raises(TranslationRefused):
        translating.start(source=source, language="es", by=by)
    with pytest.raises(TranslationRefused, match="first language"):
        translating.start(source=made, language="es", by=by)


# --- Whether it says the same still ---------------------------------------------------------------------------------


def test_it_is_behind_once_visitors_see_another_text(by: User) -> None:
    source = make_live_page()
    made = translating.start(source=source, language="es", by=by)
    first = translating.version_said(made)
    assert translating.is_current(standing(made))
    RichText.objects.filter(parent=source).update(body="<p>Something else.</p>")
    assert translating.is_current(standing(made))
    publish(page=source, by=None)
    assert not translating.is_current(standing(made))
    assert list(translating.behind(Page.objects.all())) == [made]
    translating.mark_current(page=made, digest=live_version(source).digest)
    assert translating.is_current(standing(made))
    assert list(translating.current(Page.objects.all())) == [made]
    assert translating.version_said(made) is not None
    assert first == source.versions.get(number=1)


def test_only_what_was_on_the_screen_is_noted(by: User) -> None:
    source = make_live_page()
    made = translating.start(source=source, language="es", by=by)
    RichText.objects.filter(parent=source).update(body="<p>Something else.</p>")
    shown = live_version(source).digest
    publish(page=source, by=None)
    with pytest.raises(TranslationRefused, match="once more"):
        translating.mark_current(page=made, digest=shown)


def test_one_that_nobody_has_compared_is_behind() -> None:
    page = make_page(language="es", translation_of=make_live_page())
    assert list(translating.behind(Page.objects.all())) == [page]
    assert translating.version_said(page) is None


def test_pages_that_lack_a_translation_are_known(by: User) -> None:
    source, other = make_live_page(), make_live_page()
    translating.start(source=source, language="es", by=by)
    assert list(translating.lacking(Page.objects.all(), "es")) == [other]


# --- Which pages can be one -----------------------------------------------------------------------------------------


def test_a_page_in_the_first_language_is_no_translation() -> None:
    page = make_page(translation_of=make_page())
    with pytest.raises(ValidationError, match="is no translation"):
        page.full_clean()


def test_only_a_page_in_the_first_language_is_translated() -> None:
    page = make_page(language="es", translation_of=make_page(language="es"))
    with pytest.raises(ValidationError, match="first language"):
        page.full_clean()


def test_two_pages_are_not_the_translation_of_one_into_one_language() -> None:
    source = make_page()
    make_page(language="es", translation_of=source, title="The first of them")
    with pytest.raises(ValidationError, match="The first of them"):
        Page(language="es", slug="x", title="X", summary="Long enough to be one.", translation_of=source).full_clean()


def test_a_page_that_has_translations_keeps_its_language() -> None:
    source = make_page()
    make_page(language="es", translation_of=source)
    source.language = "es"
    with pytest.raises(ValidationError, match="cannot be changed"):
        source.full_clean()
    Page.objects.filter(pk=source.pk).update(language="es")
    with pytest.raises(PublishingRefused):
        publish(page=source, by=None)


def test_neither_the_trash_nor_a_version_brings_back_a_second_one() -> None:
    source = make_page()
    first = make_page(language="es", translation_of=source)
    version = keep_version(page=first, by=None)
    Page.objects.filter(pk=first.pk).update(translation_of=None)
    second = make_page(language="es", translation_of=source)
    with pytest.raises(RestoreRefused, match=second.title):
        restore(version=version, by=None)
    trash.delete(page=second, by=None)
    restore(version=version, by=None)
    with pytest.raises(trash.CannotBringBack, match=first.title):
        trash.bring_back(page=second)


# --- Where else it counts -------------------------------------------------------------------------------------------


def test_it_goes_along_with_an_export(by: User, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    later = make_page(language="es", slug="metas")
    source = make_live_page(slug="goals")
    Page.objects.filter(pk=later.pk).update(translation_of=source, translated_digest=live_version(source).digest)
    publish(page=later, by=by)
    export_site(tmp_path / "site.zip")
    empty_site()
    import_site(tmp_path / "site.zip")
    page = Page.objects.get(language="es")
    assert page.translation_of == Page.objects.get(slug="goals")
    assert translating.is_current(standing(page))
    assert live_version(page).document["translation_of"] == str(page.translation_of.uid)


def test_readers_of_a_translation_are_told_the_role_in_its_language() -> None:
    page = make_live_page(language="es")
    version, reviewer = live_version(page), make_reviewer()
    assert "Spanish" in reviewing.why_not(version=version, by=reviewer)
    with pytest.raises(reviewing.SigningRefused, match="Spanish"):
        sign(version, by=reviewer)
    role = ReviewerRole.objects.create(
        profile=reviewer.reviewer_profile, language="es", public_role="una psicóloga clínica con licencia"
    )
    review = sign(version, by=reviewer)
    role.delete()
    assert review.public_role == "una psicóloga clínica con licencia"
    assert sign(live_version(make_live_page()), by=reviewer).public_role == PUBLIC_ROLE
