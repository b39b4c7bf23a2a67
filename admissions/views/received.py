"""The confirmation: what happens next, and what the visitor may still do."""

from __future__ import annotations

import logging
from datetime import timedelta

from django import db
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from admissions import hours, ics, office, own, receipts, references
from admissions.forms import CallTimeForm
from admissions.models import Enquiry
from admissions.receipts import Receipt
from admissions.views.create import RECEIPT
from iop_site.errors import error_page
from iop_site.security import private_page

logger = logging.getLogger(__name__)


@private_page
@require_safe
def enquiry_received(request: HttpRequest, reference: str) -> HttpResponse:
    """The address is all that is needed to see it, so it says nothing about who wrote what."""
    try:
        receipt = _receipt_of(request, reference)
    except db.Error as error:
        logger.error("A confirmation could not be read (%s).", type(error).__name__)
        return error_page(request, 503)
    return render(request, "admissions/enquiry_received.html", confirmation(request, receipt))


@private_page
@require_safe
def call_event(request: HttpRequest, reference: str) -> HttpResponse:
    """The call for a calendar. It says that there is a telephone call, and nothing else."""
    receipt = receipts.read(references.normalise(reference), request.GET.get(RECEIPT, ""))
    receipt = receipt and as_it_is_now(receipt)
    if receipt is None or receipt.call_at is None or receipt.is_call_time_asked:
        raise Http404
    try:
        event = ics.event(receipt.call_at, office.settings().call_minutes, of=receipt.reference)
    except db.Error:
        return error_page(request, 503)
    return HttpResponse(event, content_type=ics.CONTENT_TYPE)


def confirmation(request: HttpRequest, receipt: Receipt) -> dict[str, object]:
    """What the page shows."""
    return {
        "reference": references.spoken(receipt.reference),
        "receipt": receipt,
        # Only who has just sent it gets more than what the address tells: such a one has the receipt.
        "signed": request.GET.get(RECEIPT, "") if receipt.is_new and not receipt.is_withdrawn else "",
        "respond_by_at": receipt.respond_by_at,
        "open_hours": hours.RESPONSE_OPEN_TIME // timedelta(hours=1),
        # Who lost the race for a time may choose another.
        "call_form": CallTimeForm() if receipt.is_call_time_lost and receipt.is_new else None,
        "can_leave_quickly": True,
        "is_late": receipt.respond_by_at is not None and receipt.respond_by_at < timezone.now(),
    }


def as_it_is_now(receipt: Receipt) -> Receipt:
    """While the database is away, as it was when the address was made."""
    try:
        return own.as_it_is_now(receipt)
    except db.Error as error:
        logger.error("A confirmation is shown from its address alone (%s).", type(error).__name__)
        return receipt


def _receipt_of(request: HttpRequest, reference: str) -> Receipt:
    """From the address and, for who has it whole, the row; else the row alone. Raises Http404 and django.db.Error."""
    reference = references.normalise(reference)
    if not references.is_reference(reference):
        raise Http404
    if receipt := receipts.read(reference, request.GET.get(RECEIPT, "")):
        return as_it_is_now(receipt)
    enquiry = Enquiry.objects.filter(reference=reference).only("reference", "respond_by_at", "received_at").first()
    if enquiry is None:
        raise Http404
    return Receipt(enquiry.reference, enquiry.respond_by_at, made_at=receipts.LONG_AGO)
