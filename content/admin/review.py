"""Clinical review in the admin: the calendar of what is due, the page to read and sign a version, and the reviewers."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from content import published, reviewing
from content.admin.desk import desk_path, require
from content.admin.differences import differences_between
from content.admin.texts import TranslationInline
from content.admin.version import ReadOnlyAdmin
from content.documents import upgraded
from content.models import (
    ClinicalReview,
    PageVersion,
    Publication,
    ReviewerProfile,
    ReviewerRole,
    ReviewWithdrawal,
)
from iop_site.careful_admin import CarefulAdmin

SIGN = "content.sign_version"
# The public style sheets that the text to be signed is shown with; css/admin-review.css stands in for the others.
READING_STYLES = [f"css/{name}.css" for name in ("tokens", "blocks", "care", "levels", "pictures")]


class SignForm(forms.Form):
    """The digest of the text that was on the screen comes beside these, from the page itself."""

    are_references_checked = forms.BooleanField(
        label=_("I have read this text, and checked its references against what it says"),
        error_messages={"required": _("Please confirm that you have checked the references.")},
    )
    due_on = forms.DateField(
        label=_("Next review due"),
        help_text=_("After this day readers no longer see that the page was reviewed. At most two years from today."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note for our records"),
        max_length=300,
        required=False,
        help_text=_("Readers do not see it."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    use_required_attribute = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": reviewing.default_due(on)}, label_suffix="", **kwargs)
        self.fields["due_on"].widget.attrs |= {
            "min": on.isoformat(),
            "max": reviewing.latest_due(on).isoformat(),
        }


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it must not be relied upon"),
        max_length=300,
        help_text=_("For our records. Readers do not see it."),
        error_messages={"required": _("Please say why: whoever reviews the page next needs to know.")},
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    use_required_attribute = False


class ReviewMixin(admin.ModelAdmin):
    """What PageAdmin does for reviewers."""

    def get_urls(self) -> list[URLPattern]:
        version = "<int:page_id>/versions/<int:version_id>"
        return [
            desk_path(self, "reviews/", self.reviews_view, "reviews"),
            desk_path(self, f"{version}/sign/", self.sign_view, "sign"),
            desk_path(self, f"{version}/withdraw/", self.withdraw_view, "withdraw"),
            *super().get_urls(),
        ]

    def reviews_view(self, request: HttpRequest) -> HttpResponse:
        """The review calendar: every live page, the most urgent first."""
        user = request.user
        if not (user.has_perm(SIGN) or user.has_perm("content.change_page")):
            raise PermissionDenied
        states = reviewing.calendar()
        groups = itertools.groupby(states, key=lambda state: state.status)
        context = {
            "title": gettext("Review calendar"),
            "groups": [(status, list(group)) for status, group in groups],
            "open_count": sum(state.status != reviewing.ReviewStatus.LATER for state in states),
            "may_sign": user.has_perm(SIGN),
            "lacks_profile": user.has_perm(SIGN) and not hasattr(user, "reviewer_profile"),
        }
        return self._review_response(request, "calendar", context)

    def sign_view(self, request: HttpRequest, page_id: int, version_id: int) -> HttpResponse:
        """Read a version whole, and sign it."""
        require(request, SIGN)
        version = _version(page_id, version_id)
        form = SignForm(request.POST if request.method == "POST" else None, on=reviewing.today())
        if request.method == "POST" and (review := _signed(request, version, form)):
            number, due = version.number, date_format(review.due_on)
            self.log_change(request, version.page, f"Signed version {number}, due {review.due_on}.")
            words = gettext("Version %(number)s of “%(page)s” is signed. It is due again on %(due)s.")
            messages.success(request, words % {"number": number, "page": version.page, "due": due})
            return HttpResponseRedirect(reverse("admin:content_page_reviews"))
        return self._sign_page(request, version, form, WithdrawForm(label_suffix=""))

    def withdraw_view(self, request: HttpRequest, page_id: int, version_id: int) -> HttpResponse:
        """Take the signatures under a version's text back; readers no longer see them."""
        require(request, SIGN)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version, form = _version(page_id, version_id), WithdrawForm(request.POST, label_suffix="")
        review = next((one for one in reviewing.reviews_of(version) if not hasattr(one, "withdrawal")), None)
        if review is None:
            messages.error(request, gettext("There is no review of this text to withdraw."))
        elif not form.is_valid():
            return self._sign_page(request, version, SignForm(on=reviewing.today()), form)
        else:
            reviewing.withdraw(review=review, by=request.user, reason=form.cleaned_data["reason"])
            self.log_change(request, version.page, f"Withdrew the review of version {version.number}.")
            words = gettext("The review of version %(number)s is withdrawn. Readers no longer see it.")
            messages.success(request, words % {"number": version.number})
        return HttpResponseRedirect(reverse("admin:content_page_sign", args=[page_id, version_id]))

    def _sign_page(
        self, request: HttpRequest, version: PageVersion, form: SignForm, withdraw_form: WithdrawForm
    ) -> HttpResponse:
        document = upgraded(version.document)
        reviews = reviewing.reviews_of(version)
        former = reviewing.last_signed(version.page, other_than=version.digest)
        pages = published.live_pages(document["language"])
        context = {
            "title": gettext("Review “%(page)s”") % {"page": document["title"]},
            "page": version.page,
            "version": version,
            "document": document,
            "live": Publication.objects.live().filter(page=version.page).first(),
            "rendered": published.render(document, pages, id_prefix="text-", heading_shift=1),
            "references": [block for block in document["blocks"] if block["type"] == "reference"],
            "shows_levels": any(block["type"] == "levels_of_care" for block in document["blocks"]),
            "reviews": reviews,
            "standing": reviewing.standing_review(version),
            "is_withdrawable": any(not hasattr(review, "withdrawal") for review in reviews),
            "former": former,
            "differences": differences_between(upgraded(former.version.document), document) if former else None,
            "refusal": reviewing.why_not(version=version, by=request.user),
            "form": form,
            "withdraw_form": withdraw_form,
            "reading_styles": READING_STYLES,
        }
        return self._review_response(request, "sign", context)

    def _review_response(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/content/review/{name}.html", frame | context)


def _version(page_id: int, version_id: int) -> PageVersion:
    versions = PageVersion.objects.select_related("page", "created_by")
    return get_object_or_404(versions, pk=version_id, page_id=page_id)


def _signed(request: HttpRequest, version: PageVersion, form: SignForm) -> ClinicalReview | None:
    """The new signature; None when it was refused, with the reason in `form`."""
    if not form.is_valid():
        return None
    try:
        return reviewing.sign(
            version=version, by=request.user, digest=request.POST.get("digest", ""), **form.cleaned_data
        )
    except reviewing.SigningRefused as refused:
        form.add_error(None, str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    return None


# --- Who may sign, and what was signed ------------------------------------------------------------------------------


class ReviewerRoleInline(TranslationInline):
    model = ReviewerRole


@admin.register(ReviewerProfile)
class ReviewerProfileAdmin(CarefulAdmin):
    list_display = ["user", "public_role", "credential"]
    list_select_related = ["user"]
    fields = ["user", "public_role", "credential"]
    inlines = [ReviewerRoleInline]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(is_staff=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(ClinicalReview)
class ClinicalReviewAdmin(ReadOnlyAdmin):
    list_display = ["page", "version_number", "public_role", "reviewer", "signed_on", "due_on", "state"]
    list_select_related = ["version__page", "reviewer", "withdrawal"]
    list_display_links = ["page"]
    list_per_page = 50
    fields = [
        *("version", "public_role", "reviewer", "credential", "signed_at", "due_on"),
        *("are_references_checked", "note", "state", "reason_withdrawn", "digest"),
    ]

    class Media:
        css = {"all": ["css/admin-review.css"]}

    @admin.display(description=_("page"))
    def page(self, review: ClinicalReview) -> str:
        return str(review.version.page)

    @admin.display(description=_("version"))
    def version_number(self, review: ClinicalReview) -> int:
        return review.version.number

    @admin.display(description=_("state"))
    def state(self, review: ClinicalReview) -> str:
        if hasattr(review, "withdrawal"):
            name, label = "withdrawn", gettext("Withdrawn")
        elif review.due_on < timezone.localdate():
            name, label = "overdue", gettext("Overdue")
        else:
            name, label = "later", gettext("Stands")
        return format_html('<span class="status review-{}">{}</span>', name, label)

    @admin.display(description=_("why it was withdrawn"))
    def reason_withdrawn(self, review: ClinicalReview) -> str:
        withdrawal: ReviewWithdrawal | None = getattr(review, "withdrawal", None)
        return withdrawal.reason if withdrawal else "—"
