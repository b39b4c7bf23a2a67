"""What the views of the editors' desk share: the page they are about, who may see them, and what all templates need."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from content.documents import UnknownSchema, upgraded
from content.models import Page, PageVersion
from content.publishing import freeze

Document = dict[str, Any]
# What a query says instead of a version's number.
DRAFT = "draft"


def desk_path(admin: ModelAdmin, route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    """The route of a view for staff, called admin:content_page_<name>."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except UnknownSchema as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:content_page_changelist"))

    return path(route, admin.admin_site.admin_view(guarded), name=f"content_page_{name}")


def desk_url(name: str, page: Page, *args: Any) -> str:
    return reverse(f"admin:content_page_{name}", args=[page.pk, *args])


def desk_response(admin: ModelAdmin, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    """`admin/content/page/<template>.html` with what the admin's frame needs."""
    everything = admin.admin_site.each_context(request) | {"opts": admin.opts} | context
    return TemplateResponse(request, f"admin/content/page/{template}.html", everything)


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise PermissionDenied unless the account has all of `permissions`, such as "content.publish_page"."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def page_for(admin: ModelAdmin, request: HttpRequest, page_id: int) -> Page:
    """The page, for somebody who may see it; raises PermissionDenied and Http404."""
    page = admin.get_object(request, str(page_id))
    if not admin.has_view_permission(request, page):
        raise PermissionDenied
    if page is None:
        raise Http404
    return page


def version_for(page: Page, name: str) -> PageVersion | None:
    """The version of `page` that a query names by its number, None for “draft”; raises Http404."""
    if name == DRAFT:
        return None
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
    version = page.versions.filter(number=number).first()
    if version is None:
        raise Http404
    return version


def document_for(page: Page, version: PageVersion | None) -> Document:
    """What `version`, or the draft, says, in the present shape; raises UnknownSchema."""
    return freeze(page) if version is None else upgraded(version.document)


def name_of(version: PageVersion | None) -> str:
    return _("the draft") if version is None else _("version %(number)s") % {"number": version.number}
