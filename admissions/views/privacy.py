"""Exactly what the form asks, what is kept of it, and what the site does not do."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from admissions import privacy
from content.findable.addresses import absolute
from iop_site.security import public_page


@public_page
@require_safe
def privacy_facts(request: HttpRequest) -> HttpResponse:
    context = {
        "questions": privacy.questions(),
        "stored_in_clear": privacy.stored_in_clear(),
        "form_holds_hours": privacy.form_holds() // timedelta(hours=1),
        "asks_no_other_site": privacy.asks_no_other_site(),
        "sets_cookies_for_staff_alone": privacy.sets_cookies_for_staff_alone(),
        "title": _("What the form asks, and how long we keep it"),
        "description": _(
            "Each question of our form, whether it needs an answer, what is sealed, and what is kept how long."
        ),
        "canonical_url": absolute(request.path),
    }
    return render(request, "admissions/privacy_facts.html", context)
