"""Why something that visitors do to their own message is not done, and what they are told then."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django import db
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from admissions import origin, own
from admissions.models import AlreadyWithdrawn
from admissions.rates import TooMany
from admissions.sealing import SealingUnavailable
from iop_site.security import private_page


class Foreign(Exception):
    """Another site made the browser send it."""


class NoSuchLink(Exception):
    """A newer one was made since its page was opened."""


class Stale(Exception):
    """The form was open for too long, or is none of ours."""


class TooLarge(Exception):
    """More than is taken in; it was read to be given back."""


class Refusal(NamedTuple):
    status: int
    notice: Any


_NOT_NOW = Refusal(
    503,
    _(
        "We could not take this in just now, so nothing has changed yet. Your answers are still here: please try"
        " again in a few minutes, or call us."
    ),
)
REFUSALS: dict[type[Exception], Refusal] = {
    TooLarge: Refusal(
        413,
        _(
            "This is far longer than we can take in, so nothing has changed yet. Please shorten it, and tell us the"
            " rest when we talk."
        ),
    ),
    Foreign: Refusal(
        403,
        _(
            "Your browser says that this came from another website, so nothing has changed yet. If you did it"
            " yourself, please look it over and press the button once more."
        ),
    ),
    NoSuchLink: Refusal(
        404,
        _(
            "This private link is no longer good, because a newer one was made. Nothing has changed. Your answers are"
            " still here, so that you can copy them; or call us."
        ),
    ),
    Stale: Refusal(
        409,
        _(
            "This page had been open for a long time, so nothing has changed yet. Your answers are still here: please"
            " press the button once more."
        ),
    ),
    AlreadyWithdrawn: Refusal(
        409,
        _(
            "This message has been withdrawn, so nothing can be added or changed. If you want to write to us after"
            " all, please send a new message."
        ),
    ),
    own.CallTimeTaken: Refusal(
        409,
        _(
            "That time was taken a moment before you chose it, so nothing has changed. Please choose another, or “As"
            " soon as possible”."
        ),
    ),
    own.NotStoredYet: Refusal(
        503,
        _("Your message is safe, but still on its way into our files. Please try this again in a few minutes."),
    ),
    TooMany: Refusal(
        429,
        _(
            "There were very many changes within an hour, so this one was not taken. Your answers are still here:"
            " please call us, or try again in an hour."
        ),
    ),
    SealingUnavailable: _NOT_NOW,
    db.Error: _NOT_NOW,
}
REFUSED = tuple(REFUSALS)


def refusal_for(error: Exception) -> Refusal:
    """`error` is one of REFUSED."""
    return next(REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)


def refuse_unread(request: HttpRequest) -> None:
    """What can be said before anybody looks at the answers. Raises TooLarge and Foreign."""
    if getattr(request, "is_too_large", False):
        raise TooLarge
    if origin.is_foreign(request):
        raise Foreign


def own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Without a cookie there is nothing that another site could make use of (create.py): the address has the secret."""

    @csrf_exempt
    @private_page
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # As in create.py: another charset may decode to what no page can be written in.
        request.encoding = "utf-8"
        return view(request, *args, **kwargs)

    return wrapper
