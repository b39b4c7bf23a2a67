"""The part of schema.org's vocabulary (release 29) that the site uses, to hold its structured data against.

Each type with the properties that it may have and the types of their values; a subtype has those of its parents too.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

PARENTS = {
    "WebPage": "CreativeWork",
    "MedicalWebPage": "WebPage",
    "FAQPage": "WebPage",
    "CreativeWork": "Thing",
    "Organization": "Thing",
    "MedicalOrganization": "Organization",
    # A clinic is a MedicalBusiness as well, and through that a LocalBusiness and so a Place.
    "MedicalClinic": "MedicalOrganization",
    "MedicalTherapy": "Thing",
    "BreadcrumbList": "Thing",
    "ListItem": "Thing",
    "Question": "CreativeWork",
    "Answer": "CreativeWork",
    "PostalAddress": "Thing",
    "OpeningHoursSpecification": "Thing",
    "Role": "Thing",
}
PROPERTIES: dict[str, dict[str, tuple[str, ...]]] = {
    "Thing": {"name": ("Text",), "description": ("Text",), "url": ("URL",)},
    "CreativeWork": {
        "about": ("Thing",),
        "dateModified": ("Date", "DateTime"),
        "inLanguage": ("Text",),
        "mainEntity": ("Thing",),
        "publisher": ("Organization",),
        "text": ("Text",),
    },
    "WebPage": {
        "breadcrumb": ("BreadcrumbList",),
        "lastReviewed": ("Date",),
        # A Role may stand for the value of any property, which it then repeats: https://schema.org/Role
        "reviewedBy": ("Organization", "Role"),
    },
    "Organization": {"address": ("PostalAddress", "Text"), "email": ("Text",), "telephone": ("Text",)},
    "MedicalClinic": {"openingHoursSpecification": ("OpeningHoursSpecification",)},
    "BreadcrumbList": {"itemListElement": ("ListItem",)},
    "ListItem": {"position": ("Integer",), "item": ("URL",)},
    "Question": {"acceptedAnswer": ("Answer",)},
    "PostalAddress": {
        "streetAddress": ("Text",),
        "addressLocality": ("Text",),
        "addressRegion": ("Text",),
        "postalCode": ("Text",),
        "addressCountry": ("Text",),
    },
    "OpeningHoursSpecification": {"dayOfWeek": ("DayOfWeek",), "opens": ("Time",), "closes": ("Time",)},
    "Role": {"roleName": ("Text",), "reviewedBy": ("Organization",)},
}
DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}


def problems(node: dict[str, Any], at: str = "") -> list[str]:
    """What of `node` and of everything in it schema.org does not know."""
    found: list[str] = []
    types = _listed(node.get("@type"))
    allowed = {
        name: kinds for type_ in types for line in _line(type_) for name, kinds in PROPERTIES.get(line, {}).items()
    }
    if unknown := [type_ for type_ in types if type_ not in PARENTS]:
        found.append(f"{at}: no such type {unknown}")
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if name not in allowed:
            found.append(f"{at}: {types} has no {name}")
            continue
        for item in _listed(value):
            if not any(_is(item, kind) for kind in allowed[name]):
                found.append(f"{at}.{name}: {item!r} is none of {allowed[name]}")
            if isinstance(item, dict):
                found += problems(item, f"{at}.{name}")
    return found


def _line(type_: str) -> list[str]:
    return [type_, *(_line(PARENTS[type_]) if type_ in PARENTS else [])]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, dict):
        return any(kind in _line(type_) for type_ in _listed(value.get("@type")))
    if kind == "Integer":
        return isinstance(value, int)
    if not isinstance(value, str) or not value:
        return False
    match kind:
        case "Text":
            return True
        case "URL":
            return bool(urlsplit(value).scheme and urlsplit(value).netloc)
        case "Date":
            return _parses(date.fromisoformat, value)
        case "DateTime":
            return _parses(datetime.fromisoformat, value)
        case "Time":
            return _parses(lambda text: datetime.strptime(text, "%H:%M"), value)  # noqa: DTZ007 -- a time of day
        case "DayOfWeek":
            return value in DAYS
    return False


def _parses(read: Any, value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
