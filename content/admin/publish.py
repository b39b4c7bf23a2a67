"""Publishing from the desk: what is live and what is different, the page before publishing, and taking down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from content import publishing, reviewing, writing_help
from content.admin.desk import Document, desk_path, desk_response, desk_url, page_for, require
from content.admin.differences import MODEL_BY_TYPE, differences_between
from content.admin.publish_form import PublishForm, shown_time
from content.context import settings_for
from content.documents import UnknownSchema, upgraded
from content.models import ClinicalReview, Page, PageVersion, Publication
from content.previews import public_address
from content.writing import Finding, Severity

MAY_PUBLISH = "content.publish_page"
MAY_SIGN = "content.sign_version"


@dataclass(frozen=True)
class LiveState:
    """What the panel above the editor says. `summary` is '' while the draft is what visitors see."""

    live: Publication | None
    address: str
    summary: str
    coming: list[Publication]
    review: ClinicalReview | None


def live_state(page: Page) -> LiveState:
    live = Publication.objects.live().filter(page=page).first()
    return LiveState(
        live=live,
        address=public_address(live.get_absolute_url()) if live else "",
        summary=_summary(page, live.version) if live else "",
        coming=coming_of(page),
        review=reviewing.standing_review(live.version) if live else None,
    )


def coming_of(page: Page) -> list[Publication]:
    return list(Publication.objects.upcoming().filter(page=page).defer("version__document"))


def _summary(page: Page, version: PageVersion) -> str:
    draft = publishing.freeze(page)
    try:
        if publishing.says(version, draft):
            return ""
        return differences_between(upgraded(version.document), draft).summary
    except UnknownSchema as error:
        return str(error)


@dataclass(frozen=True)
class Advice:
    place: str
    finding: Finding


def advice_of(findings: list[Finding], document: Document) -> list[Advice]:
    """What writing help advises, with the block that it is about."""
    names = {
        block["uid"]: publishing.name_of(MODEL_BY_TYPE[block["type"]](), number)
        for number, block in enumerate(document["blocks"], start=1)
    }
    return [
        Advice(place=names.get(finding.block_uid or "", ""), finding=finding)
        for finding in findings
        if finding.severity == Severity.ADVICE
    ]


class CorrectionForm(PublishForm):
    """For a reviewer who may not publish: a correction of typography, signed in the same step, at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("when", "starts_at", "ends_at"):
            del self.fields[name]
        self.fields["is_minor"].required = True


def _may_correct(request: HttpRequest, page: Page) -> bool:
    """Whether the draft is a correction that this reviewer may publish as minor."""
    return request.user.has_perm(MAY_SIGN) and publishing.renewable_review(page, request.user) is not None


class PublishMixin:
    """For PageAdmin. A save keeps the draft; publishing has a page of its own, on which everything is seen first."""

    # The panel leads to the live page; the draft's own address may not exist.
    view_on_site = False

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_path(self, "<int:page_id>/publish/", self.publish_view, "publish"),
            desk_path(self, "<int:page_id>/take-down/", self.take_down_view, "take_down"),
            *super().get_urls(),
        ]

    # --- The editor --------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra_context = (extra_context or {}) | {"may_publish": request.user.has_perm(MAY_PUBLISH)}
        page = self.get_object(request, object_id)
        if page is not None and self.has_view_permission(request, page):
            extra_context |= {"state": live_state(page), "title": str(page), "subtitle": None}
            extra_context["may_correct"] = not extra_context["may_publish"] and _may_correct(request, page)
        return super().change_view(request, object_id, form_url, extra_context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra_context = (extra_context or {}) | {"may_publish": request.user.has_perm(MAY_PUBLISH)}
        return super().add_view(request, form_url, extra_context)

    def response_add(self, request: HttpRequest, obj: Page, post_url_continue: str | None = None) -> HttpResponse:
        return self._to_publishing(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Page) -> HttpResponse:
        return self._to_publishing(request, obj) or super().response_change(request, obj)

    def _to_publishing(self, request: HttpRequest, page: Page) -> HttpResponse | None:
        """To the page before publishing, if what was just saved is to be published."""
        if "_publish" not in request.POST:
            return None
        if request.user.has_perm(MAY_PUBLISH):
            return HttpResponseRedirect(desk_url("publish", page))
        self.message_user(request, _("The draft is saved. Your account may not publish pages."), messages.ERROR)
        return HttpResponseRedirect(desk_url("change", page))

    # --- Publishing --------------------------------------------------------------------------------------------------

    def publish_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        may_publish = request.user.has_perm(MAY_PUBLISH)
        if not may_publish:
            require(request, MAY_SIGN)
            if not _may_correct(request, page):
                text = _("The draft is no correction of a text that you may sign, so there is nothing to publish.")
                self.message_user(request, text, messages.ERROR)
                return HttpResponseRedirect(desk_url("change", page))
        document = publishing.freeze(page)
        form = self._publish_form(request, page, document)
        if request.method == "POST" and form.is_valid() and (answer := self._publish(request, page, form)):
            return answer
        live = Publication.objects.live().filter(page=page).first()
        findings = writing_help.findings_of(document)
        return desk_response(
            self,
            request,
            "publish",
            page=page,
            title=_("Publish “%(page)s”") % {"page": page},
            form=form,
            may_publish=may_publish,
            digest=publishing.digest_of(document),
            live=live,
            differences=differences_between(upgraded(live.version.document) if live else None, document),
            problems=publishing.problems_of(page, findings),
            advice=advice_of(findings, document),
            grade=writing_help.grade_of(document),
            coming=coming_of(page),
        )

    def _publish_form(self, request: HttpRequest, page: Page, document: Document) -> PublishForm:
        newest = page.versions.order_by("-number").first()
        form_class = PublishForm if request.user.has_perm(MAY_PUBLISH) else CorrectionForm
        return form_class(
            request.POST if request.method == "POST" else None,
            zone=settings_for(request).time_zone,
            kept=newest if newest and publishing.says(newest, document) else None,
            review=publishing.renewable_review(page, request.user),
        )

    def _publish(self, request: HttpRequest, page: Page, form: PublishForm) -> HttpResponse | None:
        """None when it was refused: `form` says why."""
        before = Publication.objects.live().filter(page=page).first()
        try:
            publication = publish_as_asked(page, request.user, form.cleaned_data)
        except publishing.PublishingRefused as refused:
            for problem in refused.problems:
                form.add_error(None, problem)
            return None
        if publication == before:
            text = _("Version %(number)s is live already, and nothing has changed since.")
            self.message_user(request, text % {"number": publication.version.number}, messages.INFO)
        else:
            self.log_change(request, page, f"Published version {publication.version.number}.")
            self.message_user(request, self._what_happens(request, publication), messages.SUCCESS)
        return HttpResponseRedirect(desk_url("change", page))

    def _what_happens(self, request: HttpRequest, publication: Publication) -> str:
        zone = settings_for(request).time_zone
        words = {"number": publication.version.number}
        if publication.starts_at > publication.created_at:
            words["time"] = shown_time(publication.starts_at, zone)
            text = _("Version %(number)s goes live on %(time)s.") % words
        else:
            text = _("Version %(number)s is live.") % words
        if publication.ends_at:
            text += " " + _("It is taken down on %(time)s.") % {"time": shown_time(publication.ends_at, zone)}
        return text

    # --- Taking down -------------------------------------------------------------------------------------------------

    def take_down_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        require(request, MAY_PUBLISH)
        live = Publication.objects.live().filter(page=page).first()
        if request.method == "POST" and live and publishing.take_down(page=page, by=request.user):
            self.log_change(request, page, "Taken down.")
            self.message_user(request, _("The page is no longer live. The draft is kept."), messages.SUCCESS)
            return HttpResponseRedirect(desk_url("change", page))
        if live is None:
            self.message_user(request, _("The page is not live."), messages.INFO)
            return HttpResponseRedirect(desk_url("change", page))
        title = _("Take down “%(page)s”") % {"page": capfirst(str(page))}
        context = {"page": page, "title": title, "live": live, "address": public_address(live.get_absolute_url())}
        return desk_response(self, request, "take_down", coming=coming_of(page), **context)


def publish_as_asked(page: Page, by: AbstractUser, asked: dict[str, Any]) -> Publication:
    put_live = publishing.publish_minor if asked["is_minor"] else publishing.publish
    names = ("change_note", "digest", "starts_at", "ends_at")
    return put_live(page=page, by=by, **{name: asked[name] for name in names if name in asked})
