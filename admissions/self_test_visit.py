"""One visit to the site's own form over HTTP, as a browser makes it: the page, the form sent, the confirmation.

Straight to SITE_URL, through no proxy of ours and after no redirect: what is tested is what that address says. Imports
no models.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from admissions import receipts, references, tokens

# The worker may run without the visitors' URLs.
FORM_PATH = "/admissions/"
RECEIVED_PATH = f"{FORM_PATH}received/"
# For each answer, and for each part of it.
SECONDS = 20
MOST_BYTES = 1_000_000


class VisitFailed(Exception):
    """Its text is a sentence for staff."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def token_of_form() -> str:
    """The one-time token of the form that the site shows. Raises VisitFailed."""
    answer = _ask(_address(FORM_PATH))
    if answer.status != http.HTTPStatus.OK:
        raise VisitFailed(_not_the_form(answer.status))
    parser = _TokenParser()
    parser.feed(answer.text)
    if tokens.read(parser.token).state is not tokens.State.VALID:
        raise VisitFailed(
            _(
                "What {address} shows is not this site’s form: SITE_URL leads elsewhere, or SECRET_KEY is another one"
                " there."
            ).format(address=_address(FORM_PATH))
        )
    return parser.token


def send(data: Mapping[str, Any]) -> str:
    """Where the confirmation is, after the form was sent with `data`. Raises VisitFailed."""
    answer = _ask(_address(FORM_PATH), urlencode(data, doseq=True).encode())
    if answer.status != http.HTTPStatus.SEE_OTHER:
        raise VisitFailed(_not_taken(answer.status))
    return urljoin(_address(FORM_PATH), answer.location)


def reference_at(confirmation: str) -> str:
    """The reference that the page at that address shows. Raises VisitFailed."""
    if not confirmation.startswith(_address(RECEIVED_PATH)):
        raise VisitFailed(_("After the form was sent, the site led to a page that is no confirmation."))
    parts = urlsplit(confirmation)
    reference = parts.path.removeprefix(RECEIVED_PATH).strip("/")
    receipt = receipts.read(reference, parse_qs(parts.query).get("receipt", [""])[0])
    answer = _ask(confirmation)
    if answer.status != http.HTTPStatus.OK:
        text = _("The form was taken, but the page that says so answers with {status}.")
        raise VisitFailed(text.format(status=answer.status))
    if receipt is None or references.spoken(reference) not in answer.text:
        raise VisitFailed(_("The form was taken, but the confirmation does not show its reference."))
    return reference


def _address(path: str) -> str:
    return settings.SITE_URL + path


def _ask(address: str, body: bytes | None = None) -> Answer:
    """Raises VisitFailed where nothing answers."""
    if urlsplit(address).scheme not in {"http", "https"}:
        raise VisitFailed(_("SITE_URL must begin with https:// or http://, so that the site can be asked."))
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    headers = {"User-Agent": "Self-test of this site"} | ({"Origin": origin} if body else {})
    try:
        request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 -- looked at above
        with _opener.open(request, timeout=SECONDS) as answer:
            return _read(answer)
    except urllib.error.HTTPError as error:
        with error:
            return _read(error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise VisitFailed(_why_silent(error, address)) from None


def _read(answer: Any) -> Answer:
    text = answer.read(MOST_BYTES).decode("utf-8", "replace")
    return Answer(answer.status, answer.headers.get("Location", ""), text)


def _why_silent(error: Exception, address: str) -> str:
    reason = getattr(error, "reason", error)
    text = _("{address}, from the setting SITE_URL, cannot be read: {reason}.")
    if isinstance(reason, ssl.SSLCertVerificationError):
        why = _("its certificate is not accepted ({reason})").format(reason=reason.verify_message)
    elif isinstance(reason, ssl.SSLError):
        why = _("it makes no secure connection")
    elif isinstance(reason, socket.gaierror):
        why = _("that name is not known")
    elif isinstance(reason, TimeoutError):
        why = _("there was no answer within {seconds} seconds").format(seconds=SECONDS)
    elif isinstance(reason, ConnectionRefusedError):
        why = _("nothing listens there")
    else:
        why = type(reason).__name__
    return text.format(address=address.partition("?")[0], reason=why)


def _not_the_form(status: int) -> str:
    text = _("{address} answers with {status} instead of the form.").format(address=_address(FORM_PATH), status=status)
    if 300 <= status < 400:
        return text + " " + _("SITE_URL must be the very address that visitors are led to.")
    if status == http.HTTPStatus.BAD_REQUEST:
        return text + " " + _("Is the host of SITE_URL in ALLOWED_HOSTS?")
    if status == http.HTTPStatus.NOT_FOUND:
        return text + " " + _("Does SITE_URL lead to the surface that visitors see?")
    return text


def _not_taken(status: int) -> str:
    if status == http.HTTPStatus.OK:
        return _("The form came back to be corrected: it asks for something that this test does not fill in.")
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        return _("The site said that it could keep nothing. Visitors are asked to call instead.")
    return _("The site did not take the form: it answered with {status}.").format(status=status)


class _TokenParser(HTMLParser):
    token = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "token":
            self.token = found.get("value") or ""
