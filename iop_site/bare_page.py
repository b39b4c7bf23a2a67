"""The page for whoever sent what is no request: words alone, because there is no address that was asked for."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

HEADERS = """\
HTTP/1.1 {status} {phrase}\r
Connection: close\r
Content-Type: text/html; charset=utf-8\r
Content-Length: {length}\r
Cache-Control: no-store\r
Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r
Referrer-Policy: no-referrer\r
X-Content-Type-Options: nosniff\r
\r
"""


@functools.cache
def answer(status: int) -> bytes:
    """The whole HTTP response, in every language of the site, because no address has said which."""
    texts = format_html_join(
        "\n", '<div lang="{}">{}</div>', [(code, text_in(status, code)) for code, _name in settings.LANGUAGES]
    )
    page = format_html(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>{}</title>\n</head>\n<body>\n<main>\n{}\n</main>\n'
        "</body>\n</html>\n",
        settings.LANGUAGE_CODE,
        status,
        texts,
    ).encode()
    return HEADERS.format(status=int(status), phrase=HTTPStatus(status).phrase, length=len(page)).encode() + page


def text_in(status: int, language: str) -> str:
    with translation.override(language):
        is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return format_html(
            '<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n<p><a href="tel:988">{}</a> · <a href="sms:988">{}</a> ·'
            ' <a href="tel:911">{}</a></p>\n<p><a href="/">{}</a></p>',
            _("Something went wrong on our side") if is_ours else _("We could not read that request"),
            _("If you were writing to us: your text is probably still in your browser. Press Back to get to it."),
            _("Thinking about suicide, or in danger? Help is there at any hour."),
            _("Call 988"),
            _("Text 988"),
            _("Call 911"),
            _("Home"),
        )


def write_error(sock: Any, status: int, reason: str, message: str) -> None:
    """In place of gunicorn's, which shows what was sent."""
    sock.sendall(answer(status))
