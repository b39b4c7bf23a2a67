"""Pages that are read are rendered for a new moment before it is shown: nobody waits for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from content.models import Page, SiteSettings
from content.published.moment import Moment
from content.publishing import publish
from tests.content.factories import make_live_page, make_site_settings
from tests.content.visiting import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    make_site_settings()
    return Visitor(tmp_path)


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A live page that has been read."""
    page = make_live_page(slug="teens", title="Teens")
    visitor.look()
    visitor.get("/teens/")
    return page


def test_pages_that_were_read_are_ready_when_something_changes(visitor: Visitor, page: Page) -> None:
    make_live_page(slug="never-read")
    page.title = "Young people"
    page.save()
    publish(page=page, by=None)
    visitor.look(visitor.layer._warm_up)
    visitor.django.entered = 0
    assert "Young people" in visitor.get("/teens/").text
    assert visitor.django.entered == 0
    assert len(visitor.layer.memory) == 1


def test_what_is_gone_or_private_by_then_is_not_made_ready(visitor: Visitor, page: Page) -> None:
    page.can_leave_quickly = True
    page.save()
    publish(page=page, by=None)
    visitor.look(visitor.layer._warm_up)
    assert visitor.get("/teens/").headers["Cache-Control"] == "no-store"


def test_what_is_published_while_pages_are_made_ready_is_not_mixed_into_them(visitor: Visitor, page: Page) -> None:
    def warm_up(moment: Moment) -> Callable[[], None]:
        put = visitor.layer._warm_up(moment)
        SiteSettings.objects.update(organisation_name="Harbor Test IOP")
        connection.check_constraints()
        return put

    SiteSettings.objects.update(organisation_name="Beacon Test IOP")
    visitor.look(warm_up)
    visitor.django.entered = 0
    visitor.get("/teens/")
    assert visitor.django.entered > 0
    visitor.look()
    assert "Harbor Test IOP" in visitor.get("/teens/").text
