"""Answer: what Django made of one request, before anything of it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from content.published.kept import COMPRESS_ONCE, Headers, StartResponse, encoding_for
from content.published.moment import Moment, reading
from iop_site.security import PUBLIC_CACHE_CONTROL

Environ = dict[str, Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
# Below, an encoding saves less than its headers cost.
WORTH_COMPRESSING = 600


class Answer(NamedTuple):
    status: str
    headers: Headers
    response: Iterable[bytes]

    @property
    def is_for_everybody(self) -> bool:
        """Whether it says so itself, and is a whole page."""
        response = self.response
        if not isinstance(response, HttpResponse) or response.status_code != 200 or response.cookies:
            return False
        return response.headers.get("Cache-Control") == PUBLIC_CACHE_CONTROL

    def close(self) -> None:
        """When it is not sent."""
        if isinstance(self.response, HttpResponseBase):
            self.response.close()

    def send(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """As it is, but a page compressed: no proxy need do it. What answers a form is left alone, because it shows
        what was sent, and lengths could tell of that."""
        response, encoding = self.response, encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if environ["REQUEST_METHOD"] != "GET" or not encoding or not _is_long_page(response):
            start_response(self.status, self.headers)
            return response
        response.content = COMPRESS_ONCE[encoding](response.content)
        response.headers["Content-Encoding"] = encoding
        response.headers["Content-Length"] = str(len(response.content))
        patch_vary_headers(response, ["Accept-Encoding"])
        start_response(self.status, [*response.items()])
        return response


def _is_long_page(response: Iterable[bytes]) -> bool:
    if not isinstance(response, HttpResponse) or response.has_header("Content-Encoding"):
        return False
    is_text = response.headers.get("Content-Type", "").startswith(("text/", "application/xml"))
    return is_text and not response.cookies and len(response.content) > WORTH_COMPRESSING


def ask(django: Application, environ: Environ, moment: Moment | None) -> Answer:
    """What `django` answers when it reads what is live at `moment`."""
    begun: list[tuple[str, Headers]] = []
    with reading(moment):
        response = django(environ, lambda status, headers: begun.append((status, headers)))
    [(status, headers)] = begun
    return Answer(status, headers, response)
