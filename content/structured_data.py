"""What machines that read the site are told about a page, in the words of schema.org. Nothing that readers are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from content.models import ClinicalReview, Page, SiteSettings
from content.published import LivePage
from content.rendering import json_for_script


def of_page(
    page: LivePage, *, site: SiteSettings, review: ClinicalReview | None, description: str, url: str
) -> SafeString:
    """JSON-LD for a script element. `review` is the one that stands, as the page itself shows it."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage" if page.section == Page.Section.GUIDE else "WebPage",
        "url": url,
        "name": page.title,
        "description": description,
        "inLanguage": page.language,
        "dateModified": _date(page.changed_at, site),
        "publisher": _organisation(site),
    }
    return json_for_script(data | _reviewed(review, site))


def _reviewed(review: ClinicalReview | None, site: SiteSettings) -> dict[str, Any]:
    """Reviewed by a role at this organisation: no person is named, and none is invented."""
    if review is None:
        return {}
    # https://schema.org/Role: the property once more inside the role that it is held in.
    by = {"@type": "Role", "roleName": review.public_role, "reviewedBy": _organisation(site)}
    return {"lastReviewed": review.signed_on.isoformat(), "reviewedBy": by}


def _organisation(site: SiteSettings) -> dict[str, str]:
    return {"@type": "Organization", "name": site.organisation_name}


def _date(moment: datetime, site: SiteSettings) -> str:
    return moment.astimezone(site.zone).date().isoformat()
