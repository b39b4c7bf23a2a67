"""`python -m bench.contenders.plain.fill`: the page of the JSON on standard input, among others; see bench/text.py."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from bench.contenders.plain.models import Level, Page, Section  # noqa: E402

text = json.load(sys.stdin)
for number, title in enumerate(text["menu"]):
    Page.objects.create(
        title=title, slug=f"page-{number}", summary=f"About {title}.", order=number, is_in_menu=number < 6
    )
page = Page.objects.create(title=text["title"], slug="measured", summary=text["summary"], order=99)
Section.objects.bulk_create(
    Section(page=page, heading=heading, text=body, order=number)
    for number, (heading, body) in enumerate(text["sections"])
)
Level.objects.bulk_create([Level(name=name) for name in ("Weekly visits", "Intensive outpatient", "Hospital")])
