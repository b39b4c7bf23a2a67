"""Translations at the editors' desk."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from content import translating
from content.models import LevelText, Page, ReviewerRole, RichText, SiteText
from content.publishing import publish
from tests.content.desk import client_with, make_member, make_reviewer, queries_of, url
from tests.content.factories import make_live_page, make_page, make_site_settings
from tests.content.reviewers import live_version
from tests.factories import make_level_of_care

pytestmark = pytest.mark.django_db
TRANSLATOR = ("view_page", "add_page", "change_page")
LIST = "/admin/content/page/"


@pytest.fixture
def translator() -> Client:
    return client_with(*TRANSLATOR)


def make_translation(source: Page) -> Page:
    return translating.start(source=source, language="es", by=make_member())


def change(page: Page, body: str) -> None:
    RichText.objects.filter(parent=page).update(body=body)
    publish(page=page, by=None)


# --- Beginning one --------------------------------------------------------------------------------------------------


def test_a_page_offers_to_start_what_it_lacks(translator: Client) -> None:
    page = make_live_page()
    assert url("translate", page.pk, "es") in translator.get(url("change", page.pk)).text


def test_starting_asks_first_and_leads_to_the_new_draft(translator: Client) -> None:
    page = make_live_page(slug="goals")
    asked = translator.get(url("translate", page.pk, "es"))
    assert "Start the Spanish translation" in asked.text
    assert page.translations.count() == 0
    response = translator.post(url("translate", page.pk, "es"), follow=True)
    made = page.translations.get()
    assert response.redirect_chain == [(url("change", made.pk), 302)]
    assert "overwrite its words" in response.text
    assert f"This is the Spanish of the page “{page}”." in response.text
    assert "/es/" not in Client().get("/").text


def test_what_is_there_already_is_linked_and_not_made_again(translator: Client) -> None:
    page = make_live_page()
    made = make_translation(page)
    html = translator.get(url("change", page.pk)).text
    assert url("change", made.pk) in html
    assert "a draft" in html
    assert url("translate", page.pk, "es") not in html
    translator.post(url("translate", page.pk, "es"))
    assert page.translations.count() == 1
    publish(page=made, by=None)
    assert "– live." in translator.get(url("change", page.pk)).text


@pytest.mark.parametrize("lacking", ["add_page", "change_page"])
def test_starting_needs_both_permissions(lacking: str) -> None:
    page, client = make_live_page(), client_with(*(name for name in TRANSLATOR if name != lacking))
    assert url("translate", page.pk, "es") not in client.get(url("change", page.pk)).text
    assert client.post(url("translate", page.pk, "es")).status_code == 403
    assert page.translations.count() == 0


def test_a_refusal_is_told(translator: Client) -> None:
    make_page(slug="home", language="es", title="Inicio")
    home = make_live_page(slug="home")
    response = translator.post(url("translate", home.pk, "es"), follow=True)
    assert "belongs to the page “Inicio” now" in response.text


@pytest.mark.parametrize("language", ["en", "fr", "nothing"])
def test_there_is_no_starting_in_another_language(translator: Client, language: str) -> None:
    assert translator.post(url("translate", make_live_page().pk, language)).status_code == 404


# --- Bringing one up to date ----------------------------------------------------------------------------------------


def test_editors_see_what_has_changed_and_note_that_it_is_said(translator: Client) -> None:
    page = make_live_page()
    made = make_translation(page)
    assert "It says what the English says now." in translator.get(url("change", made.pk)).text
    change(page, "<h2>What happens</h2><p>You come in and stand up.</p>")
    assert "The English has changed since this was made." in translator.get(url("change", made.pk)).text
    assert "This page has changed since it was translated." in translator.get(url("change", page.pk)).text
    shown = translator.get(url("translation", made.pk)).text
    assert "sit down" in shown
    assert "stand up" in shown
    assert "The Spanish says this now" in shown
    response = translator.post(url("translation", made.pk), {"digest": live_version(page).digest}, follow=True)
    assert "the Spanish says what the English says now" in response.text
    assert "It says what the English says now." in response.text
    assert "There is nothing to do." in translator.get(url("translation", made.pk)).text


def test_what_has_changed_meanwhile_is_not_noted_unseen(translator: Client) -> None:
    page = make_live_page()
    made = make_translation(page)
    change(page, "<p>Once.</p>")
    seen = live_version(page).digest
    change(page, "<p>Twice.</p>")
    response = translator.post(url("translation", made.pk), {"digest": seen}, follow=True)
    assert "has changed once more" in response.text
    assert Page.objects.get(pk=made.pk).translated_digest == made.translated_digest


def test_one_that_was_linked_by_hand_is_to_be_compared(translator: Client) -> None:
    page = make_page(language="es", translation_of=make_live_page())
    assert "Nobody has noted yet which version" in translator.get(url("change", page.pk)).text
    assert "The Spanish says this now" in translator.get(url("translation", page.pk)).text


def test_who_may_only_look_notes_nothing() -> None:
    page, client = make_live_page(), client_with("view_page")
    made = make_translation(page)
    change(page, "<p>New.</p>")
    assert "The Spanish says this now" not in client.get(url("translation", made.pk)).text
    assert client.post(url("translation", made.pk), {"digest": live_version(page).digest}).status_code == 403


def test_a_page_that_translates_nothing_has_nothing_to_compare(translator: Client) -> None:
    assert translator.get(url("translation", make_live_page().pk)).status_code == 404
    page = make_page(language="es", translation_of=make_page())
    response = translator.get(url("translation", page.pk), follow=True)
    assert "has no version yet" in response.text


# --- The list -------------------------------------------------------------------------------------------------------


def test_the_list_says_which_translations_are_behind_and_finds_them(translator: Client) -> None:
    page, lonely = make_live_page(title="The source"), make_live_page(title="The lonely")
    made = make_translation(page)
    Page.objects.filter(pk=made.pk).update(title="The translated")
    assert "Up to date</span>" in translator.get(LIST).text
    change(page, "<p>New.</p>")
    assert "Original has changed</span>" in translator.get(LIST).text

    def found(value: str) -> set[str]:
        response = translator.get(LIST, {"translation": value})
        return {page.title for page in response.context["cl"].result_list}

    assert found("behind") == {"The translated"}
    assert found("current") == set()
    assert found("lacks-es") == {lonely.title}


def test_the_list_takes_the_same_queries_however_many_translations_there_are(translator: Client) -> None:
    make_translation(make_live_page())
    before = queries_of(translator, LIST)
    for _number in range(3):
        make_translation(make_live_page())
    assert queries_of(translator, LIST) == before


# --- Texts beside the pages -----------------------------------------------------------------------------------------


def test_a_level_the_settings_and_a_role_have_words_in_other_languages(staff_client: Client) -> None:
    level, site = make_level_of_care(name="Intensive"), make_site_settings()
    profile = make_reviewer().reviewer_profile
    LevelText.objects.create(level=level, language="es", name="Intensivo", short_name="I", setting="Aquí", suits="A")
    SiteText.objects.create(site=site, language="es", emergency_wording="No espere.")
    ReviewerRole.objects.create(profile=profile, language="es", public_role="una psicóloga")
    for record, words in ((level, "Intensivo"), (site, "No espere."), (profile, "una psicóloga")):
        path = reverse(f"admin:content_{record._meta.model_name}_change", args=[record.pk])
        html = staff_client.get(path).text
        assert words in html
        assert '<option value="es" selected>Spanish</option>' in html
        assert '<option value="en"' not in html
