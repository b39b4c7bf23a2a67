from __future__ import annotations

import json
import re

import pytest
import time_machine
from django.test import Client

from content.models import Page
from content.rendering import json_for_script
from tests.content.factories import make_live_page, make_site_settings
from tests.content.reviewers import live_version, make_reviewer, sign

pytestmark = pytest.mark.django_db


def data_of(client: Client, path: str) -> dict:
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.DOTALL)
    assert len(scripts) == 1
    return json.loads(scripts[0])


def test_a_page_of_the_guide_is_a_medical_page(client: Client) -> None:
    make_site_settings(organisation_name="Lantern Test IOP")
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        make_live_page(slug="goals", title="The goals", summary="What we want to reach together.")
        assert data_of(client, "/goals/") == {
            "@context": "https://schema.org",
            "@type": "MedicalWebPage",
            "url": "http://testserver/goals/",
            "name": "The goals",
            "description": "What we want to reach together.",
            "inLanguage": "en",
            "dateModified": "2026-03-02",
            "publisher": {"@type": "Organization", "name": "Lantern Test IOP"},
        }


def test_a_page_about_the_site_is_no_medical_one(client: Client) -> None:
    make_live_page(slug="privacy", section=Page.Section.SITE)
    assert data_of(client, "/privacy/")["@type"] == "WebPage"


def test_a_review_is_by_a_role_at_the_organisation_and_by_no_person(client: Client) -> None:
    make_site_settings(organisation_name="Lantern Test IOP")
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        sign(live_version(make_live_page(slug="goals")))
        data = data_of(client, "/goals/")
    assert data["lastReviewed"] == "2026-03-02"
    assert data["reviewedBy"] == {
        "@type": "Role",
        "roleName": "a licensed clinical psychologist",
        "reviewedBy": {"@type": "Organization", "name": "Lantern Test IOP"},
    }
    assert "Person" not in json.dumps(data)


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!-- <script>", "A & B", "é “x” \u2028", '"\\']
)
def test_no_text_can_end_the_script_and_every_text_is_read_back(client: Client, text: str) -> None:
    make_site_settings(organisation_name=f"Lantern {text}")
    page = make_live_page(slug="goals", title=text, summary=f"{text} and twenty letters more.")
    sign(live_version(page), by=make_reviewer(public_role=text))
    data = data_of(client, "/goals/")
    assert data["name"] == text
    assert data["description"] == f"{text} and twenty letters more."
    assert data["reviewedBy"]["roleName"] == text


def test_json_for_a_script_has_no_markup_in_it() -> None:
    html = json_for_script({"<a>": ["</script>", "&amp;", "<!--"]})
    assert not set("<>&") & set(html)
    assert json.loads(html) == {"<a>": ["</script>", "&amp;", "<!--"]}
