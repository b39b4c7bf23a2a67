from __future__ import annotations

import pytest
from django.test import Client

from content import sample_program
from content.models import ClinicalReview, Page, Publication
from content.publishing import publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sample() -> None:
    list(sample_program.load())


def test_every_page_of_the_guide_is_signed_by_nobody_and_no_other(client: Client) -> None:
    signed = set(ClinicalReview.objects.values_list("version", flat=True))
    live = Publication.objects.live().filter(page__section=Page.Section.GUIDE)
    assert signed == set(live.values_list("version", flat=True))
    for review in ClinicalReview.objects.all():
        assert review.reviewer is None
        assert not review.are_references_checked


def test_the_badge_of_the_sample_says_that_it_is_none(client: Client) -> None:
    for page in Page.objects.filter(section=Page.Section.GUIDE):
        text = " ".join(client.get(page.get_absolute_url()).text.split())
        assert "by a sample reviewer (sample data, not a real review). Next review due" in text


def test_what_staff_make_of_a_sample_page_is_not_signed(client: Client) -> None:
    page = Page.objects.get(slug="goals")
    page.title = "Our goals"
    page.save()
    publish(page=page, by=None)
    assert "sample reviewer" not in client.get("/goals/").text
