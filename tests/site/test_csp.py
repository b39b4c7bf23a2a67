"""What pages may load. That the browser agrees, and that nothing is missing, tests/browser/test_staff_csp.py shows."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from js_asset import ImportMap
from js_asset import Media as MediaWithImportMap

from iop_site import csp
from iop_site.security import SecurityHeadersMiddleware
from tests.content.factories import make_page

STAFF_PAGES = [
    "/admin/login/",
    "/admin/",
    "/admin/content/",
    "/admin/content/page/",
    "/admin/content/page/?language=en",
    "/admin/content/page/add/",
    "/admin/content/page/{page}/change/",
    "/admin/content/page/{page}/history/",
    "/admin/content/page/{page}/delete/",
    "/admin/content/page/add/?_to_field=id&_popup=1",
    "/admin/content/levelofcare/",
    "/admin/content/picture/add/",
    "/admin/content/publication/",
    "/admin/content/sitesettings/add/",
    "/admin/auth/user/add/",
    "/admin/password_change/",
    "/admin/logout/",
    "/admin/no-such-page/",
]
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
# What a policy without 'unsafe-inline' refuses.
INLINE_CODE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def directives(header: str) -> dict[str, list[str]]:
    parts = [part.split() for part in header.split("; ")]
    return {name: sources for name, *sources in parts}


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def import_maps(response: HttpResponse) -> list[str]:
    scripts = INLINE_SCRIPT.findall(response.content.decode())
    return [text for attributes, text in scripts if 'type="importmap"' in attributes]


@pytest.mark.parametrize("policy", [csp.PUBLIC, csp.STAFF])
def test_nothing_is_allowed_but_the_sites_own_files(policy: csp.Policy) -> None:
    found = directives(csp.header(policy))
    assert {source for sources in found.values() for source in sources} == {"'self'", "'none'"}
    assert found["default-src"] == found["base-uri"] == found["frame-ancestors"] == ["'none'"]
    assert "object-src" not in found  # default-src says it
    assert found["form-action"] == ["'self'"]  # default-src does not


@pytest.mark.django_db
@pytest.mark.parametrize("path", STAFF_PAGES)
def test_a_staff_page_has_nothing_inline_that_its_policy_refuses(staff_client: Client, path: str) -> None:
    if "login" in path:
        staff_client.logout()
    response = staff_client.get(path.format(page=make_page().pk))
    found = directives(response["Content-Security-Policy"])
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", "*"} & {
        word for all_ in found.values() for word in all_
    }
    html = response.content.decode()
    for attributes, text in INLINE_SCRIPT.findall(html):
        is_data = 'type="application/json"' in attributes
        assert is_data or sha256(text) in found["script-src"], f"refused: <script{attributes}>"
    assert not INLINE_CODE.findall(re.sub(INLINE_SCRIPT, "", html))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/content/page/add/", "/admin/content/page/{page}/change/"])
def test_the_editor_has_its_import_map_and_its_two_style_sheets(staff_client: Client, path: str) -> None:
    response = staff_client.get(path.format(page=make_page().pk))
    (import_map,) = import_maps(response)
    found = directives(response["Content-Security-Policy"])
    assert found["script-src"] == ["'self'", sha256(import_map)]
    assert found["style-src"] == ["'self'", *csp.EDITOR_STYLES]


@pytest.mark.django_db
def test_a_refused_save_shows_the_editor_with_its_import_map(staff_client: Client) -> None:
    response = staff_client.post("/admin/content/page/add/", {"title": ""})
    assert b"errornote" in response.content
    (import_map,) = import_maps(response)
    assert sha256(import_map) in directives(response["Content-Security-Policy"])["script-src"]


@pytest.mark.django_db
def test_other_staff_pages_have_no_exception(staff_client: Client) -> None:
    for path in ("/admin/", "/admin/content/page/", "/admin/auth/user/add/"):
        assert staff_client.get(path)["Content-Security-Policy"] == csp.header(csp.STAFF)


def test_an_import_map_that_the_form_did_not_bring_is_not_allowed() -> None:
    text = '<script type="importmap">{"imports": {"content-editor/machine": "/media/evil.js"}}</script>'
    template = engines["django"].from_string("{{ media }}" + text)
    own = MediaWithImportMap(importmap=ImportMap({"editor": "editor.js"}))
    for media, allowed in ((Media(), 0), (own, 1)):
        response = TemplateResponse(RequestFactory().get("/admin/"), template, {"media": media}).render()
        scripts = directives(csp.staff_header(response))["script-src"]
        assert len(scripts) == 1 + allowed
        assert sha256(import_maps(response)[-1]) not in scripts


def test_a_public_page_has_the_public_policy_even_if_it_brings_media() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        template = engines["django"].from_string("")
        media = MediaWithImportMap(importmap=ImportMap({"editor": "editor.js"}))
        return TemplateResponse(request, template, {"media": media}).render()

    response = SecurityHeadersMiddleware(view)(RequestFactory().get("/what-an-iop-is/"))
    assert response["Content-Security-Policy"] == csp.header(csp.PUBLIC)


def test_a_view_may_set_its_own_policy() -> None:
    own = csp.header(csp.PUBLIC | {"frame-ancestors": csp.SELF})

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": own})

    response = SecurityHeadersMiddleware(view)(RequestFactory().get("/admin/content/page/1/preview/"))
    assert response["Content-Security-Policy"] == own
