"""What machines that read the site are told about a page, in the words of schema.org. Nothing that readers are not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from content.findable.addresses import absolute
from content.models import HOME_SLUG, ClinicalReview, OfficeHours, Page, SiteSettings
from content.models.page import path_of
from content.published import LivePage
from content.rendering import json_for_script

Node = dict[str, Any]

# The last line of an address as it is written in the United States: Boston, MA 02100.
PLACE = re.compile(r"(?P<addressLocality>.+), (?P<addressRegion>[A-Z]{2}) (?P<postalCode>\d{5}(-\d{4})?)")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def of_page(
    page: LivePage,
    document: dict[str, Any],
    *,
    site: SiteSettings,
    hours: Iterable[OfficeHours],
    review: ClinicalReview | None,
    description: str,
) -> SafeString:
    """JSON-LD for a script element. `review` is the one that stands, as the page itself shows it."""
    is_medical = page.section in {Page.Section.GUIDE, Page.Section.PATH}
    questions = _questions(document)
    types = ["MedicalWebPage" if is_medical else "WebPage", *(["FAQPage"] if questions else [])]
    data: Node = {
        "@context": "https://schema.org",
        "@type": types if len(types) > 1 else types[0],
        "url": absolute(page.path),
        "name": page.title,
        "description": description,
        "inLanguage": page.language,
        "dateModified": _date(page.changed_at, site),
        "publisher": organisation(site, hours if page.slug == HOME_SLUG else None),
    }
    if is_medical:
        # https://schema.org/MedicalTherapy: what the whole guide is about.
        data["about"] = {"@type": "MedicalTherapy", "name": _("Intensive outpatient program (IOP)")}
    if page.slug != HOME_SLUG:
        data["breadcrumb"] = _breadcrumb(page)
    if questions:
        data["mainEntity"] = questions
    return json_for_script(data | _reviewed(review, site))


def organisation(site: SiteSettings, hours: Iterable[OfficeHours] | None = None) -> Node:
    """Who answers for the site: on the front page, where `hours` are given, with all that its footer says, elsewhere
    by name. A clinic is a place: without an address it is an organisation."""
    data: Node = {
        "@type": "MedicalClinic" if site.address else "MedicalOrganization",
        "@id": absolute("/#program"),
        "name": site.organisation_name,
    }
    if hours is None:
        return data
    data["url"] = absolute("/")
    if site.telephone_link:
        data["telephone"] = site.telephone_link.removeprefix("tel:")
    if site.email:
        data["email"] = site.email
    if site.address:
        data["address"] = _address(site.address)
        data["openingHoursSpecification"] = _opening_hours(hours)
    return data


def _address(text: str) -> Node | str:
    """As a postal address where it reads like one of the United States, else as it is written, on one line."""
    *street, last = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    place = PLACE.fullmatch(last)
    if not (street and place):
        return ", ".join([*street, last])
    parts = {name: place[name] for name in ("addressLocality", "addressRegion", "postalCode")}
    return {"@type": "PostalAddress", "streetAddress": ", ".join(street), **parts, "addressCountry": "US"}


def _opening_hours(hours: Iterable[OfficeHours]) -> list[Node]:
    """One entry for each stretch, with the days that have it."""
    days: dict[tuple[str, str], list[str]] = {}
    for row in hours:
        days.setdefault((f"{row.opens_at:%H:%M}", f"{row.closes_at:%H:%M}"), []).append(WEEKDAYS[row.weekday])
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": names, "opens": opens, "closes": closes}
        for (opens, closes), names in days.items()
    ]


def _breadcrumb(page: LivePage) -> Node:
    home_name = _("The guide") if page.section == Page.Section.GUIDE else _("Home")
    steps = [(home_name, path_of(HOME_SLUG, page.language)), (page.short_title, page.path)]
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _questions(document: dict[str, Any]) -> list[Node]:
    return [
        {
            "@type": "Question",
            "name": block["question"],
            "acceptedAnswer": {"@type": "Answer", "text": _plain(block["answer"])},
        }
        for block in document["blocks"]
        if block["type"] == "question"
    ]


def _plain(html: str) -> str:
    """The words of rich text; a space before each tag keeps the last word of a paragraph from the next."""
    return " ".join(unescape(strip_tags(re.sub(r"<(?=/?(p|li|ul|ol|h\d)\b)", " <", html))).split())


def _reviewed(review: ClinicalReview | None, site: SiteSettings) -> Node:
    """Reviewed by a role at this organisation: no person is named, and none is invented. What nobody signed, such as
    the reviews of the sample program, is told to readers in words and to machines not at all."""
    if review is None or review.reviewer_id is None:
        return {}
    # https://schema.org/Role: the property once more inside the role that it is held in.
    by = {"@type": "Role", "roleName": review.public_role, "reviewedBy": organisation(site)}
    return {"lastReviewed": review.signed_on.isoformat(), "reviewedBy": by}


def _date(moment: datetime, site: SiteSettings) -> str:
    return moment.astimezone(site.zone).date().isoformat()
