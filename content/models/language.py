"""The languages of the site, as a field of a model sees them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_language(value: str) -> None:
    """Not `choices`: a further language is a setting, and must not need a migration."""
    if value not in dict(settings.LANGUAGES):
        raise ValidationError(_("“%(language)s” is not a language of this site."), params={"language": value})


def validate_other_language(value: str) -> None:
    """For translations of what is written in the site's first language."""
    validate_language(value)
    if value == settings.LANGUAGE_CODE:
        raise ValidationError(_("This is the language that it is written in. Choose another one."))
