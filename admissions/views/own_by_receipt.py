"""What the confirmation offers to who has just sent the message: a private link, and another time for the call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import db
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from admissions import own, receipts, references
from admissions.forms import CallTimeForm
from admissions.receipts import Receipt
from admissions.views.create import RECEIPT, SeeOther
from admissions.views.received import as_it_is_now, confirmation
from admissions.views.refusals import REFUSED, Refusal, own_page, refusal_for, refuse_unread
from content.findable.addresses import absolute
from iop_site.errors import error_page

# Names, in the address of the page that shows a link, what it is made from.
TICKET = "ticket"


@own_page
def own_link(request: HttpRequest, reference: str) -> HttpResponse:
    """Makes one, and is the one page that ever shows its address: for a while, to who has the ticket."""
    if request.method != "POST":
        return _shown_link(request, reference)
    if (receipt := _new_receipt(request, reference)) is None:
        return _to_confirmation(request, reference)
    try:
        refuse_unread(request)
        ticket = own.make_link(receipt)
    except REFUSED as error:
        return _confirmation_page(request, receipt, refusal_for(error), link_notice=True)
    return SeeOther(f"{request.path}?{urlencode({RECEIPT: request.GET[RECEIPT], TICKET: ticket})}")


def _shown_link(request: HttpRequest, reference: str) -> HttpResponse:
    token = own.token_of(references.normalise(reference), request.GET.get(TICKET, ""))
    try:
        # A newer one may have been made meanwhile.
        if not token or own.find(token) is None:
            return _to_confirmation(request, reference)
    except db.Error:
        return error_page(request, 503)
    path = reverse("admissions:own_enquiry", args=[token])
    context = {
        "address": absolute(path),
        "path": path,
        "minutes": own.SHOWN_FOR // timedelta(minutes=1),
        "confirmation": _confirmation_address(request, reference),
        "can_leave_quickly": True,
    }
    return render(request, "admissions/own/link.html", context)


@own_page
def own_call_time_by_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """For who lost the race for the time that they chose on the form."""
    receipt = _new_receipt(request, reference)
    if request.method != "POST" or receipt is None:
        return _to_confirmation(request, reference)
    form = CallTimeForm(request.POST)
    try:
        refuse_unread(request)
        if not form.is_valid():
            return _confirmation_page(request, receipt, None, call_form=form)
        call_at = form.cleaned_data["call_time"]
        own.change_call_time(enquiry=own.of_receipt(receipt), starts_at=call_at)
    except own.CallTimeTaken as error:
        return _confirmation_page(request, receipt, refusal_for(error), call_form=CallTimeForm())
    except REFUSED as error:
        return _confirmation_page(request, receipt, refusal_for(error), call_form=form)
    changed = replace(receipt, call_at=call_at, is_call_time_lost=False)
    return SeeOther(f"{_confirmation_path(reference)}?{RECEIPT}={receipts.sign(changed)}")


def _new_receipt(request: HttpRequest, reference: str) -> Receipt | None:
    receipt = receipts.read(references.normalise(reference), request.GET.get(RECEIPT, ""))
    return receipt if receipt and receipt.is_new else None


def _confirmation_path(reference: str) -> str:
    return reverse("admissions:enquiry_received", args=[reference])


def _to_confirmation(request: HttpRequest, reference: str) -> HttpResponse:
    """After the hour, or for who comes by a link to the other language: it says what can still be done."""
    return SeeOther(_confirmation_address(request, reference))


def _confirmation_address(request: HttpRequest, reference: str) -> str:
    signed = request.GET.get(RECEIPT, "")
    path = _confirmation_path(reference)
    return f"{path}?{urlencode({RECEIPT: signed})}" if signed else path


def _confirmation_page(request: HttpRequest, receipt: Receipt, refusal: Refusal | None, **context: Any) -> HttpResponse:
    context = confirmation(request, as_it_is_now(receipt)) | {"notice": refusal.notice if refusal else ""} | context
    return render(request, "admissions/enquiry_received.html", context, status=refusal.status if refusal else 200)
