"""The language is in the address: which words a path is answered in, and how a reader gets from one to the other."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from content.models import LevelOfCare, LevelsTable, LevelText, Page, Reference, SiteSettings, SiteText
from content.models.page import RESERVED_SLUGS, validate_slug_is_free
from content.publishing import publish, take_down
from iop_site import environment as env
from iop_site.language import language_of
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings
from tests.factories import make_level_of_care

pytestmark = pytest.mark.django_db


def make_translation(source: Page, **fields: object) -> Page:
    return make_live_page(**({"language": "es", "translation_of": source} | fields))


def alternates(html: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))


def language_links(html: str) -> list[tuple[str, ...]]:
    return re.findall(r'<a href="([^"]+)" lang="(\w+)" hreflang="\w+">([^<]+)</a>', html)


@pytest.fixture
def homes() -> None:
    make_translation(make_live_page(slug="home"), slug="home", title="Inicio de prueba")


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "en"), ("/goals/", "en"), ("/es/", "es"), ("/es/metas/", "es"), ("/escuela/", "en"), ("", "en")],
)
def test_the_language_is_the_first_part_of_the_address(path: str, language: str) -> None:
    assert language_of(path) == language


def test_neither_a_cookie_nor_the_browser_changes_the_language(homes: None) -> None:
    client = Client(headers={"accept-language": "es"})
    client.cookies["django_language"] = "es"
    response = client.get("/")
    assert '<html lang="en">' in response.text
    assert "Vary" not in response.headers


# --- The same page in another language ------------------------------------------------------------------------------


def test_a_page_and_its_translation_lead_to_each_other(client: Client, homes: None) -> None:
    make_translation(make_live_page(slug="goals"), slug="metas")
    both = {"en": "/goals/", "es": "/es/metas/", "x-default": "/goals/"}
    for path in ("/goals/", "/es/metas/"):
        html = client.get(path).text
        assert {code: "/" + url.split("/", 3)[3] for code, url in alternates(html).items()} == both
    assert language_links(html) == [("/goals/", "en", "English")]
    assert language_links(client.get("/goals/").text) == [("/es/metas/", "es", "Español")]


def test_a_page_without_a_live_translation_leads_to_the_other_front_page(client: Client, homes: None) -> None:
    source = make_live_page(slug="goals")
    translation = make_translation(source, slug="metas")
    take_down(page=translation, by=None)
    html = client.get("/goals/").text
    assert language_links(html) == [("/es/", "es", "Español")]
    assert alternates(html) == {}


def test_a_language_without_live_pages_is_not_offered(client: Client) -> None:
    make_live_page(slug="home")
    for path in ("/", "/admissions/"):
        html = client.get(path).text
        assert language_links(html) == []
        assert alternates(html) == {}


@pytest.mark.parametrize("path", ["/admissions/", "/guide/print/", "/search/", "/crisis/", "/which-level/"])
def test_what_the_site_itself_answers_has_the_same_path_in_each_language(
    client: Client, homes: None, path: str
) -> None:
    html = client.get(f"/es{path}").text
    assert '<html lang="es">' in html
    assert language_links(html) == [(path, "en", "English")]
    assert alternates(html).keys() == {"en", "es", "x-default"}


def test_the_link_keeps_what_was_chosen_and_search_engines_are_not_told(client: Client, homes: None) -> None:
    html = client.get("/search/?q=sleep").text
    assert language_links(html) == [("/es/search/?q=sleep", "es", "Español")]
    assert alternates(html)["es"].endswith("/es/search/")


def test_a_handout_keeps_its_pages(client: Client, homes: None) -> None:
    for english, spanish in (("goals", "metas"), ("costs", "costos")):
        make_translation(make_live_page(slug=english), slug=spanish)
    html = client.get("/guide/print/?pages=goals,costs").text
    assert language_links(html) == [("/es/guide/print/?pages=metas,costos", "es", "Español")]


def test_an_error_is_in_the_language_of_its_address(client: Client, homes: None) -> None:
    make_translation(make_live_page(slug="goals"), slug="metas", title="Las metas")
    response = client.get("/es/nada/")
    assert response.status_code == 404
    assert "No encontramos esa página" in response.text
    assert 'href="/es/metas/">Las metas</a>' in response.text
    assert language_links(response.text) == [("/", "en", "English")]
    assert alternates(response.text) == {}


def test_links_to_a_page_lead_to_its_translation_in_a_translated_text(client: Client, homes: None) -> None:
    goals, costs = make_live_page(slug="goals"), make_live_page(slug="costs")
    make_translation(goals, slug="metas", title="Las metas")
    page = make_page(slug="inicio", language="es", blocks=0)
    page.related_pages.add(goals, costs)
    add_block(
        page,
        page.content_richtext_set.model,
        body=f'<p><a href="page:{goals.uid}">una</a> y <a href="page:{costs.uid}">otra</a></p>',
    )
    publish(page=page, by=None)
    html = client.get("/es/inicio/").text
    assert '<a href="/es/metas/">una</a> y otra' in html
    assert "/costs/" not in html
    assert '<a href="/es/metas/">Las metas</a>' in html


# --- What is set once for the whole site ----------------------------------------------------------------------------


def test_the_crisis_line_is_the_spanish_one(client: Client, homes: None) -> None:
    html = client.get("/es/").text
    assert '<a href="tel:988">Llame al 988 y oprima 2</a>' in html
    # Telephones by Apple take what follows “&”, all others what follows “?”.
    assert '<a href="sms:988?&amp;body=AYUDA">Envíe AYUDA al 988</a>' in html
    assert '<a href="tel:911">Llame al 911</a>' in html


def test_the_emergency_wording_is_the_programs_own_in_each_language(client: Client, homes: None) -> None:
    site = make_site_settings(emergency_wording="Do not wait for us.")
    assert "Do not wait" not in client.get("/es/").text
    assert "¿Piensa en el suicidio" in client.get("/es/").text
    SiteText.objects.create(site=site, language="es", emergency_wording="No espere por nosotros.")
    assert "No espere por nosotros." in client.get("/es/").text
    assert "Do not wait for us." in client.get("/").text


def test_the_name_of_the_program_is_its_own_in_each_language(client: Client, homes: None) -> None:
    site = make_site_settings(organisation_name="Lantern")
    text = SiteText.objects.create(site=site, language="es", emergency_wording="No espere por nosotros.")
    assert "– Lantern</title>" in client.get("/es/").text
    SiteText.objects.filter(pk=text.pk).update(organisation_name="Farol")
    assert "Lantern" not in client.get("/es/").text
    assert "– Farol</title>" in client.get("/es/").text
    assert "Farol" not in client.get("/").text
    assert SiteSettings.load().organisation_name == "Lantern"


def test_the_language_of_a_citation_is_told_where_it_is_not_that_of_the_page(client: Client, homes: None) -> None:
    for language, slug in (("en", "goals"), ("es", "metas")):
        page = make_page(slug=slug, language=language)
        add_block(page, Reference, citation="McCarty D. Assessing the evidence.", note="About substances.")
        publish(page=page, by=None)
    assert "<li>McCarty D. Assessing the evidence.<span>About substances.</span>" in client.get("/goals/").text
    html = client.get("/es/metas/").text
    assert '<li lang="en">McCarty D. Assessing the evidence.<span lang="es">About substances.</span>' in html


def test_levels_of_care_are_told_in_the_language_where_they_have_words(client: Client, homes: None) -> None:
    iop, php = make_level_of_care(name="Intensive"), make_level_of_care(name="Partial")
    LevelText.objects.create(level=iop, language="es", name="Intensivo", short_name="I", setting="Aquí", suits="A mí")
    page = make_page(slug="niveles", language="es")
    add_block(page, LevelsTable, heading="Niveles")
    publish(page=page, by=None)
    html = client.get("/es/niveles/").text
    assert "Intensivo" in html
    assert "Aquí" in html
    assert php.name in html
    assert LevelOfCare.objects.get(pk=iop.pk).name == "Intensive"


# --- Which languages there are --------------------------------------------------------------------------------------


def test_a_further_language_is_a_setting(client: Client, settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    home = make_live_page(slug="home")
    make_translation(home, language="fr", slug="home", title="Accueil")
    html = client.get("/fr/").text
    assert '<html lang="fr">' in html
    assert "Accueil" in html
    assert language_links(client.get("/").text) == [("/fr/", "fr", "Français")]
    assert client.get("/es/").status_code == 404


@pytest.mark.parametrize("code", ["es", "en", "fr", "zh-hans"])
def test_no_page_takes_the_address_of_a_language(code: str) -> None:
    assert code in RESERVED_SLUGS
    with pytest.raises(ValidationError):
        validate_slug_is_free(code)


def test_languages_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    def languages() -> list[tuple[str, str]]:
        return env.languages("SITE_LANGUAGES", default=["en", "es"], first="en")

    monkeypatch.delenv("SITE_LANGUAGES", raising=False)
    assert languages() == [("en", "English"), ("es", "Spanish")]
    monkeypatch.setenv("SITE_LANGUAGES", "en, fr ,pt-BR")
    assert languages() == [("en", "English"), ("fr", "French"), ("pt-br", "Brazilian Portuguese")]
    for wrong, reason in [("en,xx", "'xx'"), ("es,en", "begin with en"), ("en,es,es", "twice")]:
        monkeypatch.setenv("SITE_LANGUAGES", wrong)
        with pytest.raises(env.SettingError, match=reason):
            languages()
