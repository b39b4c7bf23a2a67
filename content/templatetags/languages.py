"""The same page in other languages: for the header's links, and for search engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.text import capfirst
from django.utils.translation import get_language_info, override

from content.context import addresses_for
from content.findable.addresses import absolute
from content.findable.sitemap import alternates_among
from content.models import HOME_SLUG
from content.models.page import path_of
from content.published import Address, LivePage, language

register = template.Library()
# What these answer is a page of one language; all else is at the same path in each.
PAGE_VIEWS = {"content:home", "content:page_detail"}
CHANGES_VIEW = "content:page_changes"


@dataclass(frozen=True)
class LanguageLink:
    """`name`: what the language calls itself, such as 'Español'."""

    code: str
    name: str
    path: str


@register.simple_tag(takes_context=True)
def other_languages(context: dict[str, Any]) -> list[LanguageLink]:
    """A link to this page in each other language that has live pages; where it has not this one, to its front page."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    page = context.get("page")
    homes = {address.language for address in addresses_for(request) if address.slug == HOME_SLUG}
    links = []
    for code, path in _paths(request, page).items():
        if code == language() or not (path or code in homes):
            continue
        address = f"{path}{_query_in(code, request, page)}" if path else path_of(HOME_SLUG, code)
        links.append(LanguageLink(code, capfirst(get_language_info(code)["name_local"]), address))
    return links


@register.simple_tag(takes_context=True)
def alternates(context: dict[str, Any]) -> dict[str, str]:
    """hreflang → address of this page in each language that has it, this one included; empty where no other has."""
    request, page = context.get("request"), context.get("page")
    # An error is no page that anybody should find, and neither is what stands elsewhere than at its own address.
    if request is None or context.get("status") or _is_elsewhere(request, page):
        return {}
    return alternates_among({code: absolute(path) for code, path in _paths(request, page).items() if path})


def _is_elsewhere(request: HttpRequest, page: Any) -> bool:
    """Whether a page is shown where readers do not find it, such as in a preview."""
    return isinstance(page, LivePage) and request.path != page.path


def _paths(request: HttpRequest, page: Any) -> dict[str, str | None]:
    """This page's path in each language that has live pages, None where there is none."""
    found = addresses_for(request)
    live = {address.language for address in found}
    languages = [code for code, _name in settings.LANGUAGES if code in live]
    if isinstance(page, LivePage):
        same = {address.language: _path_at(request, address) for address in found if address.original == page.original}
        return {code: same.get(code) for code in languages}
    match = request.resolver_match
    if match is None or match.view_name in PAGE_VIEWS:
        return dict.fromkeys(languages)
    # translate_url gives an address that has no other back as it was.
    return {code: translate_url(request.path, code) for code in languages}


def _path_at(request: HttpRequest, address: Address) -> str:
    """Where this view shows the page at `address`: the page itself, or what changed on it."""
    match = request.resolver_match
    if match is None or match.view_name != CHANGES_VIEW:
        return address.path
    with override(address.language):
        return reverse(CHANGES_VIEW, args=[address.slug])


def _query_in(code: str, request: HttpRequest, page: Any) -> str:
    """What was chosen on this page, with the pages of a handout by what they are called in the language `code`."""
    if _is_elsewhere(request, page):
        return ""
    query, found = request.GET.copy(), addresses_for(request)
    there = {address.original: address.slug for address in found if address.language == code}
    slugs = {address.slug: there.get(address.original) for address in found if address.language == language()}
    for name in {"pages"} & query.keys():
        wanted = [slug for value in query.getlist(name) for slug in value.split(",")]
        query[name] = ",".join(slugs.get(slug) or slug for slug in wanted)
    return f"?{query.urlencode(safe=',')}" if query else ""
