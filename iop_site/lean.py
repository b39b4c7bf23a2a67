"""What the public surface need not import.

django-tasks calls django-stubs-ext when it is imported, so that its own classes may inherit from a Django class with a
type in brackets. To offer that for all of Django's classes, django-stubs-ext imports the admin, sessions and messages:
some forty modules for one pair of brackets.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


def leave_out_the_admin() -> None:
    """Put the one thing that is needed of django-stubs-ext in its place; once it is imported, that is too late."""
    if "django_stubs_ext" not in sys.modules:
        stand_in = ModuleType("django_stubs_ext", __doc__)
        stand_in.monkeypatch = _allow_brackets  # type: ignore[attr-defined]
        sys.modules[stand_in.__name__] = stand_in


def _allow_brackets() -> None:
    from django.utils.connection import BaseConnectionHandler

    def itself(cls: type, parameters: Any) -> type:
        return cls

    BaseConnectionHandler.__class_getitem__ = classmethod(itself)  # type: ignore[attr-defined]
