"""The office as staff have set it: call-back times, and the days on which nobody works.

Its tables are facts (content/published/facts.py). What is asked here raises django.db.Error where nobody knows them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django import db
from django.conf import settings as django_settings

from admissions.choices import State
from admissions.models import AdmissionsSettings, AdmissionsText, Closure
from content import published

# Whose holidays can be kept beside the federal ones, by postal code.
STATES = [(code, label) for code, label in State.choices if code != State.ELSEWHERE]
_STATE_CODES = frozenset(code for code, _label in STATES)
_COUNTRIES = "holidays.countries"


def settings() -> AdmissionsSettings:
    """Its one row, to be read; before it is there, the defaults."""
    return next(iter(published.rows(AdmissionsSettings)), None) or AdmissionsSettings(pk=AdmissionsSettings.PK)


def teens_may_ask_first() -> bool:
    """No while nobody knows: where it may be promised, a state's law says."""
    try:
        return settings().teens_may_ask_first
    except db.Error:
        return False


def teen_wording() -> str:
    """What staff say to a teen who writes alone, in this request's language; '' for the site's own words."""
    try:
        if published.language() == django_settings.LANGUAGE_CODE:
            return settings().teen_wording
        texts = published.rows(AdmissionsText)
        return next((text.teen_wording for text in texts if text.language == published.language()), "")
    except db.Error:
        return ""


def closed_days() -> Callable[[date], bool]:
    """Tells of a day whether it is a holiday that the office keeps, or within a closure."""
    kept, closures = settings(), published.rows(Closure)

    def is_closed(day: date) -> bool:
        return day in holidays_in(kept, day.year) or any(row.first_on <= day <= row.last_on for row in closures)

    return is_closed


def next_holidays(kept: AdmissionsSettings, after: date, days: int) -> list[tuple[date, str]]:
    """Those that close the office on the `days` days from `after` on, with their English names."""
    span = [after + timedelta(days=number) for number in range(days)]
    return [(day, name) for day in span if (name := holidays_in(kept, day.year).get(day))]


def holidays_in(kept: AdmissionsSettings, year: int) -> dict[date, str]:
    return _holidays(year, kept.keeps_holidays, kept.holidays_of)


@lru_cache(maxsize=16)
def _holidays(year: int, is_federal: bool, state: str) -> dict[date, str]:
    """Federal ones are off on the Friday or Monday beside a weekend, as 5 U.S.C. 6103 says, also where a state's own
    are not. A code that is no state's, which the admin refuses, has none."""
    if not is_federal and state not in _STATE_CODES:
        return {}
    united_states = _library()
    found: dict[date, str] = {}
    if state in _STATE_CODES:
        found |= united_states(subdiv=state, years=year)
    if is_federal:
        found |= united_states(categories=("government",), years=year)
    return found


def _library() -> Any:
    """The United States' class alone: with the 250 other countries that its package imports, the first visitor would
    wait six times as long, and each process hold 11 MB more instead of 3."""
    import holidays

    if _COUNTRIES not in sys.modules:
        package = ModuleType(_COUNTRIES)
        package.__path__ = [str(Path(holidays.__path__[0]) / "countries")]
        sys.modules[_COUNTRIES] = package
    from holidays.countries.united_states import UnitedStates

    return UnitedStates
