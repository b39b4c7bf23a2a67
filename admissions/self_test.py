"""How the site knows the enquiries that it sends itself: by a mark that only it can make."""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest

# The field of the form that holds the mark.
FIELD = "self_test"
GOOD_FOR = timedelta(minutes=10)
_SALT = "admissions.self-test"


def mark() -> str:
    return TimestampSigner(salt=_SALT).sign("self-test")


def is_ours(request: HttpRequest) -> bool:
    try:
        TimestampSigner(salt=_SALT).unsign(request.POST.get(FIELD, ""), max_age=GOOD_FOR)
    except BadSignature:
        return False
    return True
