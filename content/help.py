"""The docs pages for staff, read in the admin: docs/<name>.md as it stands in the repository."""

from __future__ import annotations

import re

import nh3
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from content.rendering import help_html

# Name in the address → title.
PAGES = {"editors": _("For editors"), "admissions": _("For Admissions")}
TAGS = {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "img", "blockquote"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_image = re.compile(r'src="images/([\w.-]+)"')


@require_safe
def help_page(request: HttpRequest, name: str) -> HttpResponse:
    """For everybody who may sign in; it says nothing that is secret."""
    if name not in PAGES:
        raise Http404
    context = admin.site.each_context(request) | {
        "title": PAGES[name],
        "body": help_html(html_of((settings.BASE_DIR / "docs" / f"{name}.md").read_text(encoding="utf-8"))),
    }
    return render(request, "admin/help.html", context)


def html_of(text: str) -> str:
    """Markdown → clean HTML whose pictures are the collected ones. The title is the page's own."""
    from markdown import markdown

    html = markdown(text.partition("\n")[2], extensions=["tables"], output_format="html")
    html = _image.sub(lambda match: f'src="{static(f"docs/{match[1]}")}"', html)
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}, "img": {"src", "alt"}}, link_rel=None)
