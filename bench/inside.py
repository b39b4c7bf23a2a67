"""What is done to a site from inside, in a process of its own whose environment names it: `python -m bench.inside …`

prepare            what `make run` prepares
pages N            live pages in all, N: copies of one, or fewer than there were
enquiries N        so many enquiries more
tokens N           prints as many of the form's tokens
key                prints the primary key of the page that is worked on
paths N            prints the addresses of as many live pages
publish            for each line of its input: change one page, publish it, print what that took as JSON
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from pathlib import Path
from typing import Any

PAGES_AT_ONCE = 500
# A page of the guide with text, pictures drawn from numbers, and links.
SLUG = "cost-and-insurance"


def prepare() -> None:
    from iop_site import environment as env
    from iop_site.launch.__main__ import make_keys

    make_keys(Path(env.text("DATA_DIR")))
    start()
    from iop_site.launch import preparation

    preparation.prepare()


def start() -> None:
    import django

    django.setup()


def original_page() -> Any:
    from content.models import Page

    return Page.objects.get(slug=SLUG, language="en")


# --- More of everything ---------------------------------------------------------------------------------------------


def pages(count: int) -> None:
    """The newest copies come last; what is too much is taken down, except what the site cannot be without."""
    from django.db import transaction

    from content.models import Publication
    from content.publishing import take_down

    live = Publication.objects.live()
    surplus = live.exclude(slug__in=["home", SLUG]).order_by("pk")[: max(live.count() - count, 0)]
    for publication in list(surplus):
        take_down(page=publication.page, by=None)
    lacking = max(count - live.count(), 0)
    original = original_page()
    for first in range(0, lacking, PAGES_AT_ONCE):
        with transaction.atomic():
            copy(original, range(first, min(first + PAGES_AT_ONCE, lacking)))
    vacuum()


def copy(original: Any, numbers: range) -> None:
    """Live pages with the words of `original`, and what search keeps of them."""
    from content.freezing import digest_of
    from content.models import Page, PageVersion, Publication, SearchEntry

    version = original.publications.order_by("-starts_at").first().version
    entry = SearchEntry.objects.get(version=version)
    made = Page.objects.bulk_create(
        Page(
            uid=uuid.uuid4(),
            slug=f"copy-{number}",
            title=f"{original.title} {number}",
            summary=original.summary,
            section=Page.Section.PATH,
            order=1000 + number,
        )
        for number in numbers
    )
    # In no menu, and not in the guide, which draws a window for each of its parts: that would be another page.
    own = ("slug", "title", "order", "section", "is_in_menu")
    documents = [
        version.document | {"uid": str(page.uid)} | {name: getattr(page, name) for name in own} for page in made
    ]
    versions = PageVersion.objects.bulk_create(
        PageVersion(page=page, number=1, document=document, digest=digest_of(document))
        for page, document in zip(made, documents, strict=True)
    )
    Publication.objects.bulk_create(
        Publication(page=version.page, version=version, language="en", slug=version.page.slug) for version in versions
    )
    fields = [field.name for field in SearchEntry._meta.concrete_fields if field.name not in {"id", "version"}]
    values = {name: getattr(entry, name) for name in fields}
    SearchEntry.objects.bulk_create(SearchEntry(version=version, **values) for version in versions)


def enquiries(count: int) -> None:
    """With one sealed text for all: nobody opens them here, and what they are sealed to costs the same."""
    from django.db import connection

    from admissions.sealing import seal_payload

    sealed = seal_payload({"message": "Sealed text of usual length. " * 20})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO admissions_enquiry
                (reference, idempotency_key, received_at, status, age_band, language, sealed, content_digest)
            SELECT 'b' || lpad(to_hex(n), 7, '0'), md5(n::text) || md5((-n)::text),
                now() - make_interval(secs => n), 'closed', 'adult', 'en', %s, md5(n::text)
            FROM generate_series(1, %s) AS n
            """,
            [sealed, count],
        )
    vacuum()


def vacuum() -> None:
    """As autovacuum does by itself, which the throwaway server has not."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# --- What others need -----------------------------------------------------------------------------------------------


def tokens(count: int) -> None:
    from admissions import tokens as form_tokens

    for _ in range(count):
        print(form_tokens.issue(is_for_what_was_written=True))


def key() -> None:
    print(original_page().pk)


def paths(count: int) -> None:
    from content.models import Publication

    live = Publication.objects.live().filter(version__document__can_leave_quickly=False).order_by("pk")
    for publication in live[:count]:
        print(publication.get_absolute_url())


def publish() -> None:
    from content.models import RichText
    from content.publishing import publish as publish_page

    page = original_page()
    block = RichText.objects.filter(parent=page).first()
    for number, _line in enumerate(sys.stdin):
        block.body = f"<p>This was changed {number} times.</p>"
        block.save()
        cpu, wall = time.process_time(), time.perf_counter()
        publish_page(page=page, by=None, change_note="Measured")
        took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        print(json.dumps(took), flush=True)


def main(command: str, *numbers: str) -> None:
    if command == "prepare":
        prepare()
        return
    start()
    commands = [pages, enquiries, tokens, key, paths, publish]
    {one.__name__: one for one in commands}[command](*(int(number) for number in numbers))


if __name__ == "__main__":
    main(*sys.argv[1:])
