from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import Client

from content import sample_program
from content.models import LevelOfCare, Page, Publication, SiteSettings
from tests.content.factories import make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample() -> None:
    list(sample_program.load())


def test_every_page_of_the_sample_is_live(sample: None, client: Client) -> None:
    assert Publication.objects.live().count() == Page.objects.count() >= 14
    for page in Page.objects.all():
        assert client.get(page.get_absolute_url()).status_code == 200


def test_it_says_that_it_is_a_sample(sample: None) -> None:
    assert "sample" in SiteSettings.load().organisation_name.lower()


def test_links_between_its_pages_lead_somewhere(sample: None, client: Client) -> None:
    for page in Page.objects.all():
        html = client.get(page.get_absolute_url()).text
        for path in set(re.findall(r'href="(/[^"#?]*)"', html)):
            assert path.startswith("/static/") or client.get(path).status_code == 200, (page, path)


def test_the_program_offers_levels_of_care(sample: None) -> None:
    assert LevelOfCare.objects.accepting().count() >= 3


def test_partial_hospitalization_is_at_least_twenty_hours_a_week(sample: None) -> None:
    for level in LevelOfCare.objects.filter(short_name__startswith="PHP"):
        assert level.hours_per_day_from * level.days_per_week_from >= 20


def test_it_is_never_loaded_over_staffs_work(capsys: pytest.CaptureFixture[str]) -> None:
    make_page(title="Ours")
    call_command("load_sample_program")
    assert Page.objects.count() == 1
    assert "not loaded" in capsys.readouterr().out


def test_loading_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_sample_program")
    before = list(Page.objects.values_list("uid", "updated_at"))
    call_command("load_sample_program")
    assert list(Page.objects.values_list("uid", "updated_at")) == before
