"""How the site's tests of itself ended, and a button for another one. admin/ imports it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admissions import self_testing
from admissions.admin.read_only import ReadOnlyAdmin
from admissions.models import SelfTestResult

LIST = "admin:admissions_selftestresult_changelist"
MAY_RUN = "admissions.run_selftest"


@admin.register(SelfTestResult)
class SelfTestResultAdmin(ReadOnlyAdmin):
    list_display = ["at", "outcome", "sentence", "took"]
    list_display_links = None
    empty_value_display = ""
    sortable_by: list[str] = []
    show_full_result_count = False
    fields = ["at", "outcome", "sentence", "took"]
    readonly_fields = fields

    class Media:
        css = {"all": ["css/admin-self-test.css"]}

    def get_urls(self) -> list[URLPattern]:
        run = self.admin_site.admin_view(self.run_view)
        return [path("run/", run, name="admissions_selftestresult_run"), *super().get_urls()]

    def run_view(self, request: HttpRequest) -> HttpResponse:
        """Into the worker's queue, once; the list then says how it ended."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(MAY_RUN):
            raise PermissionDenied
        if not self_testing.is_under_way():
            self_testing.test_now.enqueue()
            LogEntry.objects.create(
                user=request.user,
                content_type=ContentType.objects.get_for_model(SelfTestResult),
                object_repr=gettext("Self-test"),
                action_flag=ADDITION,
                change_message=gettext("Asked for"),
            )
        messages.info(request, gettext("The test has been asked for. It takes a few seconds: look again below."))
        return HttpResponseRedirect(reverse(LIST))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "last": SelfTestResult.latest(),
            "is_under_way": self_testing.is_under_way(),
            "may_run": request.user.has_perm(MAY_RUN),
            "steps": [str(label) for label in SelfTestResult.Step.labels],
        }
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("outcome"))
    def outcome(self, result: SelfTestResult) -> str:
        if result.is_well:
            return gettext("All is well")
        return gettext("Failed: {step}").format(step=result.get_failed_step_display())

    @admin.display(description=_("took"))
    def took(self, result: SelfTestResult) -> str:
        return gettext("{seconds:.1f} s").format(seconds=result.took_ms / 1000)
