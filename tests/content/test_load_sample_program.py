from __future__ import annotations

import pytest
from django.core.management import call_command
from pytest_django import Settings

from content.models import LevelText, Page
from tests.content.factories import make_page

pytestmark = pytest.mark.django_db


def test_it_is_never_loaded_over_staffs_work(capsys: pytest.CaptureFixture[str]) -> None:
    make_page(title="Ours")
    call_command("load_sample_program")
    assert Page.objects.count() == 1
    assert "not loaded" in capsys.readouterr().out


def test_it_is_loaded_in_the_languages_of_the_site_and_once(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    call_command("load_sample_program")
    assert set(Page.objects.values_list("language", flat=True)) == {"en"}
    assert not LevelText.objects.exists()
    before = list(Page.objects.values_list("uid", "updated_at"))
    call_command("load_sample_program")
    assert list(Page.objects.values_list("uid", "updated_at")) == before
