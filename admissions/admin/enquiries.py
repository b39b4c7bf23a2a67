"""One enquiry: read it, see how to reach whoever wrote, and do what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from admissions import contact, references, sealing, services
from admissions.admin.enquiry_list import EnquiryListAdmin
from admissions.forms import NoteForm
from admissions.forms.reaching import NoConsentForm, RevealForm
from admissions.models import AlreadyWithdrawn, Enquiry, IllegalTransition, ReadRecord
from admissions.opened import Person


@admin.register(Enquiry)
class EnquiryAdmin(EnquiryListAdmin):
    def get_urls(self) -> list[URLPattern]:
        views = {
            "status": self.status_view,
            "note": self.note_view,
            "reveal": self.reveal_view,
            "no_consent": self.no_consent_view,
            "release": self.release_view,
        }
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"admissions_enquiry_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def may_act(self, request: HttpRequest) -> bool:
        """`change_enquiry` allows the steps below; the fields themselves nobody may edit."""
        return request.user.has_perm("admissions.change_enquiry")

    # --- Reading ----------------------------------------------------------------------------------------------------

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._page(request, self._enquiry(request, object_id))

    @method_decorator(require_POST)
    def reveal_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A number or an address that is not safe to use now: in this one answer, with a reason that is recorded."""
        enquiry, form = self._enquiry(request, object_id, to_act=True), RevealForm(request.POST)
        if not form.is_valid():
            if "what" in form.errors:
                messages.error(request, gettext("Nothing was shown: that is no number or address of an enquiry."))
            return self._page(request, enquiry, reveal=form)
        return self._page(request, enquiry, reveal=form, reason=form.cleaned_data["reason"])

    # --- Acting -----------------------------------------------------------------------------------------------------

    @method_decorator(require_POST)
    def status_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To `status`, with a note or without."""
        enquiry, form = self._enquiry(request, object_id, to_act=True), NoteForm(request.POST, is_required=False)

        def move() -> str:
            status, note = request.POST.get("status", ""), form.cleaned_data["note"]
            event = services.change_status(enquiry=enquiry, status=status, actor=request.user, note=note)
            old, new = event.get_from_status_display(), event.get_to_status_display()
            return gettext("Status: {old} → {new}.").format(old=old, new=new)

        return self._act(request, enquiry, move, note=form)

    @method_decorator(require_POST)
    def note_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry, form = self._enquiry(request, object_id, to_act=True), NoteForm(request.POST)

        def add() -> str:
            services.add_note(enquiry=enquiry, note=form.cleaned_data["note"], actor=request.user)
            return gettext("Note added.")

        return self._act(request, enquiry, add, note=form)

    @method_decorator(require_POST)
    def no_consent_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry, form = self._enquiry(request, object_id, to_act=True), NoConsentForm(request.POST)

        def take_back() -> str:
            services.take_back_consent(enquiry=enquiry, actor=request.user, **form.cleaned_data)
            return gettext("Recorded: consent taken back. That way to reach them is closed from now on.")

        return self._act(request, enquiry, take_back, no_consent=form)

    @method_decorator(require_POST)
    def release_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry = self._enquiry(request, object_id, to_act=True)
        if not services.release(enquiry=enquiry, actor=request.user):
            messages.info(request, gettext("It is not in quarantine any more."))
            return HttpResponseRedirect(enquiry.get_absolute_url())
        return self._done(request, enquiry, gettext("Released from quarantine. It is in the list now."))

    def _act(
        self, request: HttpRequest, enquiry: Enquiry, step: Callable[[], str], **given: forms.Form
    ) -> HttpResponse:
        """Take `step`, which gives the sentence that says so, once the form in `given` is valid; where that cannot be,
        the page keeps what was written."""
        if not all(form.is_valid() for form in given.values()):
            return self._page(request, enquiry, **given)
        try:
            return self._done(request, enquiry, step())
        except AlreadyWithdrawn:
            messages.error(request, gettext("The visitor has withdrawn this enquiry, so nothing can be added."))
        except (IllegalTransition, sealing.SealingUnavailable) as error:
            messages.error(request, str(error))
        enquiry.refresh_from_db()
        return self._page(request, enquiry, **given)

    def _done(self, request: HttpRequest, enquiry: Enquiry, what: str) -> HttpResponse:
        self.log_change(request, enquiry, what)
        messages.success(request, what)
        return HttpResponseRedirect(enquiry.get_absolute_url())

    # --- The page ---------------------------------------------------------------------------------------------------

    def _enquiry(self, request: HttpRequest, object_id: str, *, to_act: bool = False) -> Enquiry:
        if not self.has_view_permission(request) or (to_act and not self.may_act(request)):
            raise PermissionDenied
        enquiry = self.get_object(request, unquote(object_id))
        if enquiry is None:
            raise Http404
        return enquiry

    def _page(
        self,
        request: HttpRequest,
        enquiry: Enquiry,
        *,
        note: forms.Form | None = None,
        no_consent: forms.Form | None = None,
        reveal: RevealForm | None = None,
        reason: str = "",
    ) -> HttpResponse:
        """The enquiry, opened if it can be, and its forms; they keep what was written and could not be stored. With a
        `reason`, what `reveal` asks for is shown."""
        shown = reveal.cleaned_data["what"] if reveal and reason else ""
        revealed = {shown} if shown else set()
        action = ReadRecord.Action(f"reveal_{shown}") if shown else ReadRecord.Action.OPEN
        opened, problem = None, ""
        try:
            opened = services.open_enquiry(enquiry=enquiry, actor=request.user, action=action, reason=reason)
        except AlreadyWithdrawn:
            pass
        except (sealing.StaffKeyMissing, sealing.SealBroken) as error:
            problem = str(error)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Enquiry {reference}").format(reference=references.spoken(enquiry.reference)),
            "enquiry": enquiry,
            "original": enquiry,
            "opened": opened,
            "problem": problem,
            "events": opened.events if opened else services.unopened_events(enquiry),
            "revealed": revealed,
            "reach": opened and reach(opened.person, revealed, reveal),
            "form": note or NoteForm(),
            "no_consent": no_consent or NoConsentForm(),
            "may_act": self.may_act(request),
        }
        return TemplateResponse(request, "admin/admissions/enquiry/enquiry_change.html", context)


def reach(person: Person, revealed: set[str], refused: RevealForm | None) -> dict[str, Any]:
    """How to reach `person` at this moment, for the page: `cards` are (contact.Contact, the form that asks for it)."""
    now, zone = timezone.now(), timezone.get_current_timezone()
    asked = refused.data.get("what") if refused and not revealed else None
    return {
        "at": now,
        "hours": contact.hours_in_words(person),
        "is_safe_hour": contact.is_safe_hour(person, now, zone),
        "next_safe_at": contact.next_safe_at(person, now, zone),
        "cards": [
            (one, refused if one.kind == asked else RevealForm(initial={"what": one.kind}))
            for one in contact.contacts(person, now, zone, revealed)
        ],
    }
