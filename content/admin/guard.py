"""Two people in one page: each is told of the other, and nobody's save goes silently over another's."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.forms import Media
from django.forms.models import BaseInlineFormSet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from content import presence
from content.admin import conflict
from content.admin.desk import desk_path, desk_url, page_for, require
from content.admin.posted import PageForm, document_of, is_from_before, lead_to_rows, opened_document
from content.models import Page, PageVersion
from content.publishing import digest_of, freeze, keep_version

MEDIA = Media(
    css={"all": ["css/editor-guard.css"]},
    js=[Script("js/editor-guard.js", type="module"), Script("js/editor-unsaved.js", type="module")],
)
HEARTBEAT_SECONDS = 30
# Names the forms that were saved, so that the browser forgets what it keeps of them in case of an expired login.
SAVED_COOKIE = "saved_forms"
SAVED_REMEMBERED = 8
_form_id = re.compile(r"[0-9a-f-]{36}")


class GuardMixin:
    """For PageAdmin."""

    form = PageForm

    def get_urls(self) -> list[URLPattern]:
        return [desk_path(self, "<int:page_id>/presence/", self.presence_view, "presence"), *super().get_urls()]

    # --- Saving -----------------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            if object_id and (page := self.get_object(request, unquote(object_id))):
                # Whoever saves at the same moment waits here, and then finds the page changed.
                Page.objects.select_for_update().get(pk=page.pk)
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if getattr(request, "_is_page_saved", False):
            _remember_saved(request, response)
        return response

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Page, inline: InlineModelAdmin, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in kwargs and is_from_before(request.POST, obj):
            rows = inline.model.objects.filter(parent=obj).values_list("uid", "pk")
            lead_to_rows(kwargs["data"], prefix, {str(uid): pk for uid, pk in rows})
        return kwargs

    def save_model(self, request: HttpRequest, obj: Page, form: PageForm, change: bool) -> None:
        if change and form.is_overwriting:
            self._keep_theirs(request, obj)
        obj.edit_number += 1
        super().save_model(request, obj, form, change)
        request._is_page_saved = True

    def save_related(
        self, request: HttpRequest, form: PageForm, formsets: list[BaseInlineFormSet], change: bool
    ) -> None:
        _give_uids_of_their_own(formsets)
        super().save_related(request, form, formsets, change)
        if change and form.is_overwriting:
            for formset in formsets:
                _remove_what_the_form_lacks(formset)
        _note_author(form.instance, request.user.pk)

    def response_change(self, request: HttpRequest, obj: Page) -> HttpResponse:
        if "_overwrite" in request.POST:
            return HttpResponseRedirect(desk_url("change", obj))
        return super().response_change(request, obj)

    def _keep_theirs(self, request: HttpRequest, obj: Page) -> PageVersion:
        stored = Page.objects.get(pk=obj.pk)
        # Without a name: if this version is ever published, readers see the note.
        version = keep_version(page=stored, by=request.user, change_note=_("Kept before it was saved over"))
        self.log_change(request, obj, f"Saved over what others had saved; that is version {version.number}.")
        self.message_user(
            request,
            _("Yours is saved. What was there before is kept as version %(number)s.") % {"number": version.number},
            messages.SUCCESS,
        )
        return version

    # --- Showing ----------------------------------------------------------------------------------------------------

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_change_form(request, context, **kwargs)
        shown, form = response.context_data, context["adminform"].form
        shown["media"] += MEDIA
        page = shown["original"]
        formsets = [inline.formset for inline in shown["inline_admin_formsets"]]
        if shown["has_change_permission"] or page is None:
            shown["guard"] = self._guard(request, page, form, formsets)
        if form.has_conflict:
            shown["conflict"] = _conflict(request, page, form, formsets)
            response.template_name = "admin/content/page/conflict.html"
            response.status_code = 409
        return response

    def _guard(
        self, request: HttpRequest, page: Page | None, form: PageForm, formsets: list[BaseInlineFormSet]
    ) -> dict[str, Any]:
        """What the form carries, and what its scripts need to know."""
        posted = request.POST if form.is_bound else {}
        guard: dict[str, Any] = {
            "form_id": _valid_form_id(posted) or uuid.uuid4(),
            "is_posted": form.is_bound,
            "seconds": HEARTBEAT_SECONDS,
            "saved_cookie": SAVED_COOKIE,
            "zone": timezone.get_current_timezone_name(),
        }
        if page is None:
            return guard
        presence.touch(page=page, user=request.user)
        return guard | {
            "edit_number": posted.get("edit_number", "") if form.is_bound else page.edit_number,
            "base": posted.get("base", "") if form.is_bound else conflict.base_of(opened_document(page, formsets)),
            "presence": _presence_sentences(page, request.user),
            "url": desk_url("presence", page),
        }

    def presence_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """POST, by the open editor every HEARTBEAT_SECONDS: who else is there, and whether somebody has saved.
        GET: the token for an editor that was open while its user logged in anew."""
        page = page_for(self, request, page_id)
        require(request, "content.change_page")
        if request.method != "POST":
            return JsonResponse({"token": get_token(request)})
        presence.touch(page=page, user=request.user)
        sentences = _presence_sentences(page, request.user)
        if is_from_before(request.POST, page):
            saved = _saved_sentence(request, page)
            sentences.append(_("%(saved)s When you save, you will be shown both.") % {"saved": saved})
        return JsonResponse({"sentences": sentences})


def _note_author(page: Page, author_id: int) -> None:
    """Whoever saves other words than were there is one of the draft's authors."""
    digest = digest_of(freeze(page))
    if digest != page.draft_digest:
        page.draft_digest = digest
        page.draft_author_ids = [*(pk for pk in page.draft_author_ids if pk != author_id), author_id]
        Page.objects.filter(pk=page.pk).update(draft_digest=digest, draft_author_ids=page.draft_author_ids)


def _give_uids_of_their_own(formsets: list[BaseInlineFormSet]) -> None:
    """No browser sends two new blocks with one uid, but somebody may."""
    seen = set()
    for block in [form.instance for formset in formsets for form in formset.extra_forms]:
        if block.uid in seen:
            block.uid = uuid.uuid4()
        seen.add(block.uid)


def _remove_what_the_form_lacks(formset: BaseInlineFormSet) -> None:
    """Blocks that somebody else added while this form was open: they are in the version that was kept."""
    if formset.can_delete:
        kept = [form.instance.pk for form in formset.forms if form.instance.pk]
        formset.model.objects.filter(parent=formset.instance).exclude(pk__in=kept).delete()


def _conflict(request: HttpRequest, page: Page, form: PageForm, formsets: list[BaseInlineFormSet]) -> dict[str, Any]:
    stored = Page.objects.get(pk=page.pk)
    context = {
        "saved": _saved_sentence(request, stored),
        "edit_number": stored.edit_number,
        "is_deleted": stored.deleted_at is not None,
    }
    # What is not valid cannot be compared: it has to be mended first.
    if form.errors or not all(formset.is_valid() for formset in formsets):
        return context
    theirs, mine = freeze(stored), document_of(form, formsets)
    base = conflict.read_base(request.POST.get("base", ""))
    differences = conflict.differences(theirs, mine, base, _they(request, stored))
    return context | {"differences": list(differences)}


# --- Words ----------------------------------------------------------------------------------------------------------


def _presence_sentences(page: Page, user: AbstractUser) -> list[str]:
    return [
        _ended(
            _("%(name)s has had this page open since %(time)s.")
            % {"name": presence.name_of(present.user), "time": _clock(present.opened_at)}
        )
        for present in presence.others(page=page, user=user)
    ]


def _saved_sentence(request: HttpRequest, page: Page) -> str:
    """Who saved or deleted the page last, and when."""
    is_deleted = page.deleted_at is not None and page.deleted_at > page.updated_at
    moment = page.deleted_at if is_deleted else page.updated_at
    who, words = conflict.first_after(page, moment), {"time": _clock(moment)}
    if who is None:
        text = _("This page was deleted at %(time)s.") if is_deleted else _("This page was saved at %(time)s.")
    elif who == request.user:
        text = _("You saved this page yourself at %(time)s, in another tab or window.")
        text = _("You deleted this page yourself at %(time)s.") if is_deleted else text
    else:
        words["name"] = presence.name_of(who)
        text = (
            _("%(name)s deleted this page at %(time)s.") if is_deleted else _("%(name)s saved this page at %(time)s.")
        )
    return _ended(text % words)


def _they(request: HttpRequest, page: Page) -> str:
    """Whoever saved, as the beginning of a sentence; several people may have, and then it is none of them."""
    opened = request.POST.get("edit_number", "")
    who = conflict.first_after(page, page.updated_at)
    if who is None or opened != str(page.edit_number - 1):
        return _("Somebody")
    return _("The other window") if who == request.user else presence.name_of(who)


def _ended(sentence: str) -> str:
    """A time such as “2:10 p.m.” has its own full stop."""
    return f"{sentence[:-2]}." if sentence.endswith("..") else sentence


def _clock(moment: datetime) -> str:
    """2:10 p.m., with the day if it is not today."""
    moment = timezone.localtime(moment)
    return date_format(moment, "P" if moment.date() == timezone.localdate() else "N j, P")


# --- The browser's copy ---------------------------------------------------------------------------------------------


def _valid_form_id(posted: Any) -> str:
    return posted.get("form_id", "") if _form_id.fullmatch(posted.get("form_id", "")) else ""


def _remember_saved(request: HttpRequest, response: HttpResponse) -> None:
    if not (form_id := _valid_form_id(request.POST)):
        return
    before = [name for name in request.COOKIES.get(SAVED_COOKIE, "").split(".") if _form_id.fullmatch(name)]
    response.set_cookie(
        SAVED_COOKIE,
        ".".join([*before, form_id][-SAVED_REMEMBERED:]),
        max_age=settings.SESSION_COOKIE_AGE,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite=settings.SESSION_COOKIE_SAMESITE,
        # Read by editor-unsaved.js; random numbers that open nothing.
        httponly=False,
    )
