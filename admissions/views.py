"""What visitors send: the form, and the page that says it has arrived."""

from __future__ import annotations

import logging
from datetime import timedelta

from django import db
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from admissions import hours, origin, privacy, receipts, references, services, tokens
from admissions.forms import EnquiryForm
from admissions.models import Enquiry
from admissions.receipts import Receipt
from admissions.sealing import SealingUnavailable
from admissions.spool import SpoolUnwritable, Waiting
from content import published
from content.findable.addresses import absolute
from iop_site.errors import error_page
from iop_site.security import private_page, public_page

logger = logging.getLogger(__name__)
# Names the signed receipt in the address of a confirmation.
RECEIPT = "receipt"
# Stands in the empty form for the token that each visitor is given.
TOKEN_HERE = "the-token-of-this-visit"  # noqa: S105


class SeeOther(HttpResponseRedirect):
    """RFC 9110, 15.4.4: fetch that with GET, whatever was sent here."""

    status_code = 303


# There is no cookie, so no other site can act in a visitor's name: CSRF has nothing to take. What the middleware would
# do with a cookie, the signed token and the browser's word on where the request comes from do here.
@csrf_exempt
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry_create(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _empty_form_page(request)
    # Our page sends UTF-8; a charset that the request names instead may decode to what no page can be written in.
    request.encoding = "utf-8"
    form, sent_token = EnquiryForm(request.POST), request.POST.get("token", "")
    token = tokens.read(sent_token)
    if origin.is_foreign(request):
        return _form_page(request, form, token=tokens.issue(), notice=_foreign_notice(), status=403)
    is_stale = token.state is not tokens.State.VALID
    if not form.is_valid():
        return _form_page(request, form, token=tokens.issue() if is_stale else sent_token)
    if is_stale:
        return _form_page(request, form, token=tokens.issue(), notice=_stale_notice(token), status=409)
    if not form.knows_levels:
        return _form_page(request, form, token=sent_token, notice=_not_stored_notice(), status=503)
    try:
        enquiry = services.submit_enquiry(
            cleaned=form.cleaned_data, token_nonce=token.nonce, language=get_language() or "en"
        )
    except (SealingUnavailable, SpoolUnwritable) as error:
        logger.error("An enquiry could not be kept (%s); the visitor was told so.", type(error).__name__)
        return _form_page(request, form, token=sent_token, notice=_not_stored_notice(), status=503)
    address = reverse("admissions:enquiry_received", args=[enquiry.reference])
    if isinstance(enquiry, Waiting):
        # No database knows of it yet; whichever process is asked next can tell by this.
        address += f"?{RECEIPT}={receipts.sign(Receipt(enquiry.reference, enquiry.respond_by_at))}"
    return SeeOther(address)


@private_page
@require_safe
def enquiry_received(request: HttpRequest, reference: str) -> HttpResponse:
    """What happens next. The address is all that is needed to see it, so it says nothing about who wrote what."""
    reference = references.normalise(reference)
    if not references.is_reference(reference):
        raise Http404
    receipt = receipts.read(reference, request.GET.get(RECEIPT, ""))
    if receipt is None:
        try:
            enquiry = Enquiry.objects.filter(reference=reference).only("reference", "respond_by_at").first()
        except db.Error as error:
            logger.error("A confirmation could not be read (%s).", type(error).__name__)
            return error_page(request, 503)
        if enquiry is None:
            raise Http404
        receipt = Receipt(enquiry.reference, enquiry.respond_by_at)
    context = {
        "reference": references.spoken(receipt.reference),
        "respond_by_at": receipt.respond_by_at,
        "open_hours": hours.RESPONSE_OPEN_TIME // timedelta(hours=1),
        "can_leave_quickly": True,
        "is_late": receipt.respond_by_at is not None and receipt.respond_by_at < timezone.now(),
    }
    return render(request, "admissions/enquiry_received.html", context)


@public_page
@require_safe
def privacy_facts(request: HttpRequest) -> HttpResponse:
    """Exactly what the form asks, what is kept of it, and what the site does not do."""
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


def _empty_form_page(request: HttpRequest) -> HttpResponse:
    """The same for every visitor of a moment, but for its token."""

    def text() -> str:
        return _form_page(request, EnquiryForm(), token=TOKEN_HERE).content.decode()

    page = published.known(("empty form", published.language()), text)
    return HttpResponse(page.replace(TOKEN_HERE, tokens.issue()))


def _form_page(
    request: HttpRequest, form: EnquiryForm, *, token: str, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "token": token,
        "notice": notice,
        "can_leave_quickly": True,
        "title": _("Connect with Admissions"),
        "description": _("Write to Admissions safely: for yourself, your teen, someone you love, or a patient."),
        "canonical_url": absolute(request.path),
    }
    return render(request, "admissions/enquiry_create.html", context, status=status)


def _foreign_notice() -> str:
    return _(
        "Your browser says that this came from another website. Nothing has been sent yet. If you wrote this yourself,"
        " please look it over and press “Send to Admissions”."
    )


def _stale_notice(token: tokens.FormToken) -> str:
    if token.state is tokens.State.EXPIRED:
        return _(
            "This page had been open for a long time, so nothing has been sent yet. Everything you wrote is still here:"
            " please press “Send to Admissions” once more."
        )
    return _(
        "We could not tell that this came from our own page, so nothing has been sent yet. Everything you wrote is"
        " still here: please press “Send to Admissions” once more."
    )


def _not_stored_notice() -> str:
    return _(
        "We could not take this in just now, so nothing has been sent yet. Everything you wrote is still here: please"
        " try again in a few minutes, or call us."
    )
