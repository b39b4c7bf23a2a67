"""What the confirmation offers to who has just sent the message: a private link, and another time for the call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from admissions import own, receipts, references
from admissions.forms import CallTimeForm
from admissions.receipts import Receipt
from admissions.views.create import RECEIPT, SeeOther
from admissions.views.received import confirmation
from admissions.views.refusals import REFUSED, Refusal, own_page, refusal_for, refuse_unread
from content.findable.addresses import absolute


@own_page
def own_link(request: HttpRequest, reference: str) -> HttpResponse:
    """The one page that ever shows the address."""
    receipt = _new_receipt(request, reference)
    if request.method != "POST" or receipt is None:
        return _to_confirmation(request, reference)
    try:
        refuse_unread(request)
        token = own.make_link(receipt)
    except REFUSED as error:
        return _confirmation_page(request, receipt, refusal_for(error), link_notice=True)
    path = reverse("admissions:own_enquiry", args=[token])
    context = {"address": absolute(path), "path": path, "receipt": receipt, "can_leave_quickly": True}
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
    query = request.META.get("QUERY_STRING", "")
    return SeeOther(f"{_confirmation_path(reference)}?{query}" if query else _confirmation_path(reference))


def _confirmation_page(request: HttpRequest, receipt: Receipt, refusal: Refusal | None, **context: Any) -> HttpResponse:
    context = confirmation(request, receipt) | {"notice": refusal.notice if refusal else ""} | context
    return render(request, "admissions/enquiry_received.html", context, status=refusal.status if refusal else 200)
