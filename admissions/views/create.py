"""The form. Whatever keeps it from being sent, it comes back as it was filled in."""

from __future__ import annotations

import logging
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from admissions import abuse, call_times, office, origin, rates, receipts, receiving, self_test, tokens, urgency
from admissions.forms import EnquiryForm
from admissions.models import AlreadyWithdrawn, Enquiry
from admissions.receipts import Receipt
from admissions.receiving import Sender
from admissions.sealing import SealingUnavailable
from admissions.spool import SpoolUnwritable, Waiting
from content import published
from content.findable.addresses import absolute
from iop_site.security import private_page

logger = logging.getLogger(__name__)
# Names the signed receipt in the address of a confirmation.
RECEIPT = "receipt"
# Names the button that asks for the questions of whoever writes.
STEP = "step"
# Stands in the empty form for the token that each visitor is given.
TOKEN_HERE = "the-token-of-this-visit"  # noqa: S105
# Left by the templates; nobody has written anything in this page yet.
BLANK_LINES = re.compile(r"\n\s*\n")


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
    if refusal := _not_a_form_of_ours(request):
        return refusal
    form, token = EnquiryForm(request.POST), tokens.read(request.POST.get("token", ""))
    is_stale = token.state is not tokens.State.VALID
    if not form.is_valid():
        return _form_page(request, form, token=tokens.issue() if is_stale else request.POST["token"])
    if is_stale:
        return _sent_nothing(request, form, _stale_notice(token), status=409, is_token_spent=True)
    if not form.knows_levels:
        return _sent_nothing(request, form, _not_stored_notice(), status=503)
    return _submit(request, form, token)


def _not_a_form_of_ours(request: HttpRequest) -> HttpResponse | None:
    """What is said before anybody looks at the answers: too large, from elsewhere, or only on its way."""
    if getattr(request, "is_too_large", False):
        form = EnquiryForm.half_done(request.POST)
        return _sent_nothing(request, form, _too_large_notice(), status=413)
    if origin.is_foreign(request):
        return _sent_nothing(request, EnquiryForm(request.POST), _foreign_notice(), status=403, is_token_spent=True)
    if STEP in request.POST:
        form = EnquiryForm.half_done(request.POST)
        return _form_page(request, form, token=_token_of(request))
    return None


def _submit(request: HttpRequest, form: EnquiryForm, token: tokens.FormToken) -> HttpResponse:
    now, is_synthetic = timezone.now(), self_test.is_ours(request)
    sender = Sender(
        place="" if is_synthetic else rates.place_of(request, now),
        looks_like_abuse=not is_synthetic and abuse.has_signs(request, form.cleaned_data, token.age),
        is_synthetic=is_synthetic,
    )
    language = get_language() or settings.LANGUAGE_CODE
    try:
        enquiry = receiving.submit_enquiry(
            cleaned=form.cleaned_data, token_nonce=token.nonce, language=language, sender=sender
        )
    except rates.TooMany:
        return _sent_nothing(request, form, _too_many_notice(), status=429)
    except AlreadyWithdrawn:
        return _sent_nothing(request, form, _withdrawn_notice(), status=409, is_token_spent=True)
    except (SealingUnavailable, SpoolUnwritable) as error:
        logger.error("An enquiry could not be kept (%s); the visitor was told so.", type(error).__name__)
        return _sent_nothing(request, form, _not_stored_notice(), status=503)
    return SeeOther(_confirmation_of(enquiry, wanted=form.cleaned_data["call_time"] is not None))


def _confirmation_of(enquiry: Enquiry | Waiting, *, wanted: bool) -> str:
    """`wanted`: a time for a call. The address says all that the page needs: no database may know of it yet."""
    is_waiting = isinstance(enquiry, Waiting)
    call_at = enquiry.call_at if is_waiting else call_times.of(enquiry) if wanted else None
    receipt = Receipt(
        reference=enquiry.reference,
        respond_by_at=enquiry.respond_by_at,
        made_at=enquiry.received_at,
        is_urgent=enquiry.is_urgent,
        call_at=call_at,
        is_call_time_asked=is_waiting and call_at is not None,
        is_call_time_lost=wanted and call_at is None,
    )
    address = reverse("admissions:enquiry_received", args=[enquiry.reference])
    return f"{address}?{RECEIPT}={receipts.sign(receipt)}"


# --- The page -------------------------------------------------------------------------------------------------------


def _empty_form_page(request: HttpRequest) -> HttpResponse:
    """The same for every visitor, but for its token, until something is published or the times for a call change."""
    times = call_times.choices()
    page = published.known(("empty form", published.language()), dict)
    # Looked at once: another thread may put a newer one there meanwhile.
    of_times, text = page.get("page", (None, ""))
    if of_times is not times:
        text = BLANK_LINES.sub("\n", _form_page(request, EnquiryForm(), token=TOKEN_HERE).content.decode())
        page["page"] = times, text
    return HttpResponse(text.replace(TOKEN_HERE, tokens.issue()))


def _token_of(request: HttpRequest) -> str:
    """The one that was sent, if it is still good."""
    sent = request.POST.get("token", "")
    return sent if tokens.read(sent).state is tokens.State.VALID else tokens.issue()


def _sent_nothing(
    request: HttpRequest, form: EnquiryForm, notice: str, *, status: int, is_token_spent: bool = False
) -> HttpResponse:
    token = tokens.issue(is_for_what_was_written=True) if is_token_spent else _token_of(request)
    return _form_page(request, form, token=token, notice=notice, status=status)


def _form_page(
    request: HttpRequest, form: EnquiryForm, *, token: str, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "token": token,
        "notice": notice,
        "is_urgent": form.is_bound and urgency.is_urgent(form.data),
        "trap": abuse.TRAP,
        "teen_wording": office.teen_wording() if form.is_bound else "",
        "can_leave_quickly": True,
        "title": _("Connect with Admissions"),
        "description": _("Write to Admissions safely: for yourself, your teen, someone you love, or a patient."),
        "canonical_url": absolute(request.path),
    }
    return render(request, "admissions/enquiry_create.html", context, status=status)


# --- Why nothing was sent -------------------------------------------------------------------------------------------


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


def _withdrawn_notice() -> str:
    return _(
        "You have withdrawn this message, so nothing has been sent. If you want to write to us after all, look it over"
        " and press “Send to Admissions”: it then is a new message, with a new reference."
    )


def _too_large_notice() -> str:
    return _(
        "This is far longer than the form can take, so nothing has been sent yet. Everything you wrote is still here:"
        " please shorten it, and tell us the rest when we call."
    )


def _too_many_notice() -> str:
    return _(
        "Very many messages have come from where you are, or all at once, so nothing has been sent yet. Everything you"
        " wrote is still here: please call us, or try again in an hour."
    )


def _not_stored_notice() -> str:
    return _(
        "We could not take this in just now, so nothing has been sent yet. Everything you wrote is still here: please"
        " try again in a few minutes, or call us."
    )
