"""Signs that a program wrote an enquiry. A sign alone refuses nothing: it sends the enquiry into quarantine."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.http import HttpRequest

# A field that people do not see and programs fill in.
TRAP = "website"
# Nobody reads the form and fills it in faster than this.
FASTEST = timedelta(seconds=4)
LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
MOST_LINKS = 2


def has_signs(request: HttpRequest, cleaned: dict[str, Any], age: timedelta) -> bool:
    """`cleaned`: EnquiryForm's. `age`: since the page with the form was made."""
    written = " ".join([cleaned["name"], cleaned["insurer"], cleaned["organisation"], cleaned["message"]])
    links_in_line = LINK.search(cleaned["name"]) or LINK.search(cleaned["insurer"])
    return bool(request.POST.get(TRAP) or age < FASTEST or links_in_line or len(LINK.findall(written)) > MOST_LINKS)
