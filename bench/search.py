"""What a search costs: `.venv/bin/python -m bench.search`, and `--help` for more.

On SQLite and on a throwaway PostgreSQL, with the sample program and with made-up pages in its words, it makes the index
and then searches as visitors do. Prints medians a query: CPU is this process's own, without PostgreSQL's; wall is both,
without the network. "search" is the search alone, "page" the whole answer with middleware and templates.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.databases import on_both_databases

QUERIES = ("insurance", "how much does it cost", "anxeity", "tehrapi scheduel", "can my teen go to school", "xylophone")
TITLES = ("insurance", "cost", "a day", "school", "your family", "the group")
PARAGRAPHS = 12


def make_pages(count: int) -> None:
    """`count` live pages of about 600 words: sentences of the sample program, and names that nobody else has."""
    from content.models import Page, PageVersion, Publication, RichText
    from content.publishing import digest_of, frozen

    chance = random.Random(1)  # noqa: S311 -- the same pages each time
    bodies = list(RichText.objects.filter(parent__language="en").values_list("body", flat=True))
    syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo", "ka"]

    def name() -> str:
        return "".join(chance.choices(syllables, k=4))

    for number in range(count):
        title = f"{name()} {chance.choice(TITLES)} {number}"
        page = Page.objects.create(
            slug=f"made-up-{number}", title=title, summary=f"About {name()} and {name()}, briefly."
        )
        texts = [f"{body}<p>{name()} {name()}</p>" for body in chance.sample(bodies, PARAGRAPHS)]
        document = frozen(page, [RichText(body=text) for text in texts], [])
        version = PageVersion.objects.create(page=page, number=1, document=document, digest=digest_of(document))
        Publication.objects.create(page=page, version=version, language="en", slug=page.slug)


def measured(work: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Medians of (CPU, wall) in milliseconds."""
    cpus, walls = [], []
    for _ in range(rounds):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        cpus.append((time.process_time() - cpu) * 1000)
        walls.append((time.perf_counter() - wall) * 1000)
    return statistics.median(cpus), statistics.median(walls)


def report(options: argparse.Namespace, client: Any) -> None:
    from content.models import SearchTrigram
    from content.published import levels_of_care, live_pages
    from content.searching import highlight, query

    pages, levels = live_pages("en"), levels_of_care()

    def search(text: str) -> None:
        found = query.search(text, pages=pages, levels=levels, language="en")
        highlight.results(found, found.hits[:10], "en")

    vocabulary = SearchTrigram.objects.filter(language="en").values("word").distinct().count()
    print(f"{options.database}, {len(pages)} pages, {vocabulary} words", flush=True)
    for text in QUERIES:
        hits = len(query.search(text, pages=pages, levels=levels, language="en").hits)
        alone = measured(lambda text=text: search(text), options.rounds)
        whole = measured(lambda text=text: client.get("/search/", {"q": text}), max(options.rounds // 3, 1))
        print(f"  {text:<28}{hits:>6}{alone[0]:>10.1f}{alone[1]:>10.1f}{whole[0]:>10.1f}{whole[1]:>10.1f}", flush=True)


def run(options: argparse.Namespace) -> None:
    """In a process of its own, whose environment names the database."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from content.searching import index
    from iop_site.progress import bar

    call_command("load_sample_program", verbosity=0)
    report(options, Client())
    make_pages(options.pages)
    began = time.process_time()
    index.rebuild(bar=bar)
    print(f"{options.database}: index of {options.pages} pages made in {time.process_time() - began:.1f} s of CPU")
    if connection.vendor == "postgresql":
        # As autovacuum does by itself, which the throwaway server has not.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    report(options, Client())


def head(options: argparse.Namespace) -> str:
    return (
        f"Medians of {options.rounds} rounds in ms\n"
        f"{'':<30}{'hits':>6}{'search: CPU':>10}{'wall':>10}{'page: CPU':>10}{'wall':>10}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1000, help="made-up pages")
    parser.add_argument("--rounds", type=int, default=15)
    on_both_databases(run, parser, head)


if __name__ == "__main__":
    main()
