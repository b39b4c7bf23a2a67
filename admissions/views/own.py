"""What visitors reach by their private link. A form that is not taken comes back as it was filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import db
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from admissions import call_times, ics, office, own, references, tokens
from admissions.forms import CallTimeForm, MessageForm, OwnForm, SafetyForm
from admissions.models import Enquiry, EnquiryEvent
from admissions.receiving import safety_of
from admissions.views.create import SeeOther
from admissions.views.refusals import REFUSED, NoSuchLink, Refusal, Stale, own_page, refusal_for, refuse_unread
from iop_site.errors import error_page
from iop_site.security import private_page

Status = Enquiry.Status
Kind = EnquiryEvent.Kind
# Names the signed word in the address on what was just done.
DONE = "done"


# --- How far it is --------------------------------------------------------------------------------------------------

STATUS_WORDS: Mapping[str, Any] = {
    Status.NEW: _("Your message has arrived. Someone from Admissions opens it and answers you."),
    Status.IN_CONTACT: _("Someone from Admissions has read your message, and is in touch or trying to reach you."),
    Status.SCHEDULED: _("A time to talk or to meet is agreed on. If you do not know when it is, call us."),
    Status.ADMITTED: _("A start in our program is arranged. If you do not know when it is, call us."),
    Status.REFERRED: _("Another place suits better, and we have said which. If nobody has told you, call us."),
    Status.CLOSED: _("We have finished with your message. If something is still open, add a message or call us."),
    Status.WITHDRAWN: _("You have withdrawn this message. What you wrote is erased, and we do not reach out about it."),
}
EVENT_WORDS: Mapping[str, Any] = {
    Kind.ADDED: _("You added a message."),
    Kind.SAFETY: _("You changed what is safe."),
    Kind.SENT_AGAIN: _("You sent the form again, with changes."),
    Kind.CALL_TIME: _("You changed when we call."),
    Kind.CALL_TIME_LOST: _("You asked for a time for our call that was taken already."),
}
DONE_WORDS: Mapping[str, Any] = {
    "message": _("Your message has been added. Someone from Admissions reads it before they answer you."),
    "safety": _("Your new answers are in. From now on we go by them."),
    "safety_without_call": _(
        "Your new answers are in. From now on we go by them, so we no longer call you at the time that was agreed on."
    ),
    "call_time": _("When we call has been changed."),
    "withdraw": _("Your message has been withdrawn."),
}


@private_page
@require_safe
def own_enquiry(request: HttpRequest, token: str) -> HttpResponse:
    """Who has the address sees how far it is, and nothing of what was written: nothing here can open that."""
    try:
        if (enquiry := own.find(token)) is None:
            return _no_such_link(request)
        return render(request, "admissions/own/enquiry.html", _how_far(request, enquiry, token))
    except db.Error:
        return error_page(request, 503)


def _how_far(request: HttpRequest, enquiry: Enquiry, token: str) -> dict[str, Any]:
    now, call_at = timezone.now(), call_times.of(enquiry)
    done, is_urgent = own.read_done(request.GET.get(DONE, ""))
    later = list(enquiry.events.filter(actor=None, kind__in=EVENT_WORDS).values_list("at", "kind"))
    # Told by what is there, so that who presses twice hears it too.
    if done == "safety" and call_at is None and later[-1:] and later[-1][1] == Kind.CALL_TIME:
        done = "safety_without_call"
    is_open = enquiry.status == Status.NEW
    return _page_of(token) | {
        "reference": references.spoken(enquiry.reference),
        "enquiry": enquiry,
        "status_words": STATUS_WORDS[enquiry.status],
        "is_withdrawn": enquiry.status == Status.WITHDRAWN,
        "is_waiting": is_open and enquiry.respond_by_at is not None,
        "is_late": is_open and enquiry.respond_by_at is not None and enquiry.respond_by_at < now,
        "call_at": call_at,
        "is_call_over": call_at is not None and call_at < now,
        "later": [(at, EVENT_WORDS[kind]) for at, kind in later],
        "done": DONE_WORDS.get(done, ""),
        "is_urgent": is_urgent,
    }


def _page_of(token: str) -> dict[str, Any]:
    return {"link": token, "can_leave_quickly": True}


@private_page
@require_safe
def own_call_event(request: HttpRequest, token: str) -> HttpResponse:
    """The call for a calendar, as in received.py."""
    try:
        enquiry = own.find(token)
        call_at = enquiry and call_times.of(enquiry)
        if call_at is None:
            raise Http404
        event = ics.event(call_at, office.settings().call_minutes, of=enquiry.reference)
        return HttpResponse(event, content_type=ics.CONTENT_TYPE)
    except db.Error:
        return error_page(request, 503)


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return error_page(
        request,
        404,
        title=_("This private link leads nowhere"),
        text=_("A newer one may have been made, or the address may be incomplete. Call us and say your reference."),
    )


# --- What can be changed --------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """`make` takes the enquiry, what the form has, and the nonce of its token; whether that was urgent."""

    name: str
    title: Any
    form: type[OwnForm]
    make: Callable[[Enquiry, dict[str, Any], str], bool | None]


MESSAGE = Change(
    "message",
    _("Add to your message"),
    MessageForm,
    lambda enquiry, cleaned, nonce: own.add_message(enquiry=enquiry, message=cleaned["message"], nonce=nonce),
)
SAFETY = Change(
    "safety",
    _("Change what is safe"),
    SafetyForm,
    lambda enquiry, cleaned, nonce: own.change_safety(enquiry=enquiry, safety=safety_of(cleaned), nonce=nonce),
)
CALL_TIME = Change(
    "call_time",
    _("Change when we call"),
    CallTimeForm,
    lambda enquiry, cleaned, nonce: own.change_call_time(enquiry=enquiry, starts_at=cleaned["call_time"]),
)
WITHDRAWAL = Change(
    "withdraw",
    _("Withdraw your message"),
    OwnForm,
    lambda enquiry, cleaned, nonce: own.withdraw(enquiry=enquiry),
)


@own_page
def own_message(request: HttpRequest, token: str) -> HttpResponse:
    return _changing(request, token, MESSAGE)


@own_page
def own_safety(request: HttpRequest, token: str) -> HttpResponse:
    return _changing(request, token, SAFETY)


@own_page
def own_call_time(request: HttpRequest, token: str) -> HttpResponse:
    return _changing(request, token, CALL_TIME)


@own_page
def own_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    return _changing(request, token, WITHDRAWAL)


def _changing(request: HttpRequest, token: str, change: Change) -> HttpResponse:
    if request.method != "POST":
        return _empty_form(request, token, change)
    form = change.form(request.POST)
    try:
        refuse_unread(request)
        return _changed(request, token, change, form)
    except own.CallTimeTaken as error:
        return _empty_form(request, token, change, refusal_for(error))
    except REFUSED as error:
        return _form_page(request, token, change, form, refusal_for(error))


def _empty_form(request: HttpRequest, token: str, change: Change, refusal: Refusal | None = None) -> HttpResponse:
    try:
        if (enquiry := own.find(token)) is None:
            return _no_such_link(request)
        call_at = _coming_call(enquiry)
    except db.Error:
        return error_page(request, 503)
    if enquiry.status == Status.WITHDRAWN:
        return HttpResponseRedirect(reverse("admissions:own_enquiry", args=[token]))
    form = CallTimeForm(held=call_at) if change is CALL_TIME else change.form()
    return _form_page(request, token, change, form, refusal, call_at=call_at, is_call_known=True)


def _coming_call(enquiry: Enquiry) -> datetime | None:
    call_at = call_times.of(enquiry)
    return call_at if call_at and call_at > timezone.now() else None


def _changed(request: HttpRequest, token: str, change: Change, form: OwnForm) -> HttpResponse:
    """Raises what is in REFUSALS."""
    if (enquiry := own.find(token)) is None:
        raise NoSuchLink
    if not form.is_valid():
        return _form_page(request, token, change, form, call_at=_coming_call(enquiry), is_call_known=True)
    form_token = tokens.read(request.POST.get("token", ""))
    if form_token.state is not tokens.State.VALID:
        raise Stale
    is_urgent = bool(change.make(enquiry, form.cleaned_data, form_token.nonce))
    address = reverse("admissions:own_enquiry", args=[token])
    return SeeOther(f"{address}?{DONE}={own.done_mark(change.name, is_urgent=is_urgent)}")


def _form_page(
    request: HttpRequest, token: str, change: Change, form: OwnForm, refusal: Refusal | None = None, **context: Any
) -> HttpResponse:
    sent = request.POST.get("token", "")
    is_good = tokens.read(sent).state is tokens.State.VALID
    context |= _page_of(token) | {
        "title": change.title,
        "form": form,
        # The same one for what may have been stored after all.
        "token": sent if is_good else tokens.issue(),
        "notice": refusal.notice if refusal else "",
    }
    return render(request, f"admissions/own/{change.name}.html", context, status=refusal.status if refusal else 200)
