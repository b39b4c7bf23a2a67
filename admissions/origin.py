"""Did this request come from our own page? Asked without cookies.

Browsers say so in Sec-Fetch-Site, which no page can forge (Fetch Metadata, W3C). Older ones send Origin; under
`Referrer-Policy: no-referrer` they send "null", which says nothing. Where the browser does not say, the token decides.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest

# "none": the person did it themselves, for example by reloading.
OWN_SITE = {"same-origin", "none"}


def is_foreign(request: HttpRequest) -> bool:
    """Whether the browser says that another site made it send this. The host alone is compared: behind a proxy that
    ends TLS this process does not see the scheme."""
    if fetch_site := request.headers.get("Sec-Fetch-Site"):
        return fetch_site not in OWN_SITE
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return False
    try:
        return urlsplit(origin).netloc != request.get_host()
    except ValueError:
        return True
