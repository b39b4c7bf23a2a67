from __future__ import annotations

import json
import re
from datetime import time

import pytest
import time_machine
from django.test import Client

from content import reviewing
from content.models import ClinicalReview, OfficeHours, Page, Question
from content.publishing import publish
from content.rendering import json_for_script
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings
from tests.content.reviewers import live_version, make_reviewer, sign
from tests.content.vocabulary import problems

pytestmark = pytest.mark.django_db


def data_of(client: Client, path: str) -> dict:
    """Of the page at `path`; schema.org knows all of it."""
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.DOTALL)
    assert len(scripts) == 1
    data = json.loads(scripts[0])
    assert data["@context"] == "https://schema.org"
    assert problems(data) == []
    return data


def test_what_schema_org_does_not_know_is_noticed() -> None:
    clinic = {"@type": "MedicalClinic", "openingHoursSpecification": {"@type": "OpeningHoursSpecification"}}
    assert problems({"@type": "WebPage", "publisher": clinic}) == []
    for wrong in (
        {"@type": "WebPlace"},
        {"@type": "WebPage", "openingHoursSpecification": clinic["openingHoursSpecification"]},
        {"@type": "WebPage", "lastReviewed": "yesterday"},
        {"@type": "WebPage", "publisher": {"@type": "MedicalTherapy"}},
        {"@type": "WebPage", "publisher": {"@type": "Organization", "lastReviewed": "2026-03-02"}},
    ):
        assert problems(wrong)


def test_a_page_of_the_guide_is_a_medical_page(client: Client, settings) -> None:
    settings.SITE_URL = "https://www.example.com"
    make_site_settings(organisation_name="Lantern Test IOP")
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        make_live_page(slug="goals", title="The goals", nav_title="Goals", summary="What we want to reach together.")
        assert data_of(client, "/goals/") == {
            "@context": "https://schema.org",
            "@type": "MedicalWebPage",
            "url": "https://www.example.com/goals/",
            "name": "The goals",
            "description": "What we want to reach together.",
            "inLanguage": "en",
            "dateModified": "2026-03-02",
            "publisher": {
                "@type": "MedicalOrganization",
                "@id": "https://www.example.com/#program",
                "name": "Lantern Test IOP",
            },
            "about": {"@type": "MedicalTherapy", "name": "Intensive outpatient program (IOP)"},
            "breadcrumb": {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {"@type": "ListItem", "position": 1, "name": "The guide", "item": "https://www.example.com/"},
                    {"@type": "ListItem", "position": 2, "name": "Goals", "item": "https://www.example.com/goals/"},
                ],
            },
        }


def test_a_page_about_the_site_is_no_medical_one(client: Client) -> None:
    make_live_page(slug="privacy", section=Page.Section.SITE)
    data = data_of(client, "/privacy/")
    assert data["@type"] == "WebPage"
    assert "about" not in data


def test_the_front_page_tells_where_the_clinic_is_and_when_it_answers(client: Client) -> None:
    site = make_site_settings(address="100 Sample Street\nFloor 2\nBoston, MA 02100")
    for weekday, opens in ((0, 9), (1, 9), (2, 12)):
        OfficeHours.objects.create(site=site, weekday=weekday, opens_at=time(opens), closes_at=time(18))
    make_live_page(slug="home")
    data = data_of(client, "/")
    assert "breadcrumb" not in data
    clinic = data["publisher"]
    assert clinic["@type"] == "MedicalClinic"
    assert clinic["telephone"] == "+16175550142"
    assert clinic["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "100 Sample Street, Floor 2",
        "addressLocality": "Boston",
        "addressRegion": "MA",
        "postalCode": "02100",
        "addressCountry": "US",
    }
    assert [(hours["dayOfWeek"], hours["opens"]) for hours in clinic["openingHoursSpecification"]] == [
        (["Monday", "Tuesday"], "09:00"),
        (["Wednesday"], "12:00"),
    ]


@pytest.mark.parametrize("address", ["Above the bakery", "Boston, MA 02100", "1 Rue X\n75001 Paris"])
def test_an_address_of_another_form_is_told_as_it_is_written(client: Client, address: str) -> None:
    make_site_settings(address=address)
    make_live_page(slug="home")
    assert data_of(client, "/")["publisher"]["address"] == ", ".join(address.splitlines())


def test_questions_on_the_page_are_told_with_their_answers(client: Client) -> None:
    page = make_page(slug="goals")
    add_block(page, Question, question="Can I go to school?", answer="<p>Mostly.</p><ul><li>Tea &amp; rest</li></ul>")
    publish(page=page, by=None)
    data = data_of(client, "/goals/")
    assert data["@type"] == ["MedicalWebPage", "FAQPage"]
    assert data["mainEntity"] == [
        {
            "@type": "Question",
            "name": "Can I go to school?",
            "acceptedAnswer": {"@type": "Answer", "text": "Mostly. Tea & rest"},
        }
    ]


def test_a_review_is_by_a_role_at_the_organisation_and_by_no_person(client: Client) -> None:
    make_site_settings(organisation_name="Lantern Test IOP")
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        make_live_page(slug="unread")
        sign(live_version(make_live_page(slug="goals")))
        data = data_of(client, "/goals/")
        assert "lastReviewed" not in data_of(client, "/unread/")
    assert data["lastReviewed"] == "2026-03-02"
    assert data["reviewedBy"]["@type"] == "Role"
    assert data["reviewedBy"]["roleName"] == "a licensed clinical psychologist"
    assert data["reviewedBy"]["reviewedBy"]["name"] == "Lantern Test IOP"
    assert "Person" not in json.dumps(data)


def test_a_review_that_nobody_signed_is_not_told_to_machines(client: Client) -> None:
    """The reviews of the sample program say to readers that they are none."""
    version = live_version(make_live_page(slug="goals"))
    today = reviewing.today()
    ClinicalReview.objects.create(
        version=version,
        digest=version.digest,
        public_role="a sample reviewer",
        credential="None",
        are_references_checked=False,
        signed_on=today,
        due_on=reviewing.default_due(today),
    )
    assert "a sample reviewer" in client.get("/goals/").text
    assert {"lastReviewed", "reviewedBy"}.isdisjoint(data_of(client, "/goals/"))


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
