"""The sample program as it is once it is loaded, which is done once for all of these."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from content import sample_program, translating
from content.models import ClinicalReview, LevelOfCare, LevelText, Page, Publication, SiteSettings, SiteText
from content.publishing import publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
OTHER_LANGUAGES = [code for code in LANGUAGES if code != settings.LANGUAGE_CODE]


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        list(sample_program.load())
        yield
        transaction.set_rollback(True)


def test_every_page_of_the_sample_is_live_and_its_links_lead_somewhere(client: Client) -> None:
    assert Publication.objects.live().count() == Page.objects.count() >= 28
    answered = {}
    for page in Page.objects.all():
        response = client.get(page.get_absolute_url())
        assert response.status_code == 200
        for path in set(re.findall(r'href="(/[^"#?]*)"', response.text)):
            if path not in answered:
                # What has an ending is a file, which the web server's part of the site answers.
                answered[path] = "." in path or client.get(path).status_code == 200
            assert answered[path], (page, path)


def test_it_says_that_it_is_a_sample() -> None:
    assert "sample" in SiteSettings.load().organisation_name.lower()


def test_the_program_offers_levels_of_care() -> None:
    assert LevelOfCare.objects.accepting().count() >= 3


def test_partial_hospitalization_is_at_least_twenty_hours_a_week() -> None:
    for level in LevelOfCare.objects.filter(short_name__startswith="PHP"):
        assert level.hours_per_day_from * level.days_per_week_from >= 20


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_the_sample_is_whole_in_each_language(language: str) -> None:
    assert not translating.lacking(Page.objects.all(), language).exists()
    translations = Page.objects.filter(language=language)
    assert set(translating.current(translations)) == set(translations)
    assert LevelText.objects.filter(language=language).count() == LevelOfCare.objects.count()
    assert SiteText.objects.filter(language=language).count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_its_files_name_is_there(language: str) -> None:
    files = sample_program.page_files(language)
    known = {file["slug"] for file in files}
    sources = {file["slug"] for file in sample_program.page_files(settings.LANGUAGE_CODE)}
    for file in files:
        named = {*file["related"], *(block["target"] for block in file["blocks"] if block.get("target"))}
        assert named <= known, file["slug"]
        assert file.get("translation_of") in (sources if language in OTHER_LANGUAGES else {None}), file["slug"]


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_translations_stand_where_their_sources_stand(language: str) -> None:
    for page in Page.objects.filter(language=language).select_related("translation_of"):
        source = page.translation_of
        for name in ("section", "order", "is_in_menu", "can_leave_quickly"):
            assert getattr(page, name) == getattr(source, name), (page.slug, name)


# --- Reviews --------------------------------------------------------------------------------------------------------


def test_every_page_of_the_guide_is_signed_by_nobody_and_no_other() -> None:
    signed = set(ClinicalReview.objects.values_list("version", flat=True))
    live = Publication.objects.live().filter(page__section=Page.Section.GUIDE)
    assert signed == set(live.values_list("version", flat=True))
    for review in ClinicalReview.objects.all():
        assert review.reviewer is None
        assert not review.are_references_checked


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/goals/", "by a sample reviewer (sample data, not a real review). Next review due"),
        ("/es/metas/", "por una persona de muestra (datos de muestra, no es una revisión real). Próxima revisión"),
    ],
)
def test_the_badge_of_the_sample_says_that_it_is_none(client: Client, path: str, words: str) -> None:
    assert words in " ".join(client.get(path).text.split())


def test_what_staff_make_of_a_sample_page_is_not_signed(client: Client) -> None:
    page = Page.objects.get(slug="goals")
    page.title = "Our goals"
    page.save()
    publish(page=page, by=None)
    assert "sample reviewer" not in client.get("/goals/").text
