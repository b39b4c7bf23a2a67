"""How long the editor takes for a page of many blocks: `.venv/bin/python -m bench.editor`, and `--help` for more.

Builds the page in a throwaway DATA_DIR, on SQLite and on a throwaway PostgreSQL (which writes without waiting for the
disk), and sends an editor's requests to the whole site, middleware and templates included, in one process. Prints
medians: CPU is that process's own, without PostgreSQL's; wall is what an editor waits for, without the network.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from bench.databases import on_both_databases
from bench.html_form import HtmlForm

TEXT = "<h2>What happens on day {n}</h2><p>You come in and <strong>somebody</strong> asks how you are. {link}</p>"
Measure = tuple[float, float, int]


# --- The page -------------------------------------------------------------------------------------------------------


def values_of(type_: str, n: int, pages: list[Any], picture: Any) -> dict[str, Any]:
    """The fields of the block number `n`."""
    other = pages[n % len(pages)]
    brief = f'<p>Words of block {n}, with a <a href="page:{other.uid}">link to our page {other.order}</a>.</p>'
    return {
        "rich_text": {"body": TEXT.format(n=n, link=brief.removeprefix("<p>").removesuffix("</p>"))},
        "list_item": {"term": f"Term {n}", "explanation": brief},
        "key_fact": {"figure": f"{n} hours", "label": "a week"},
        "step": {"title": f"Step {n}", "body": brief},
        "question": {"question": f"What about {n}?", "answer": brief},
        "callout": {"heading": f"Note {n}", "body": brief},
        "care_card": {"heading": f"Card {n}", "body": brief},
        "image": {"picture": picture, "alt": f"A room with {n} chairs"},
        "call_to_action": {"heading": f"Ready {n}?", "text": "We answer soon.", "target": other},
        "reference": {"citation": f"An author, a title, {n}.", "doi": "10.1176/appi.ps.201300249"},
        "levels_of_care": {"heading": f"Levels {n}"},
        "practice": {"topic": f"Topic {n}", "we_do": brief, "we_do_not": brief},
        "week": {"heading": f"Week {n}"},
        "ladder": {"heading": f"Ladder {n}"},
        "milestone": {"day": n, "title": f"Milestone {n}", "body": brief},
    }[type_]


def build(blocks: int, types: list[str], pages: int) -> Any:
    """A live page of `blocks` blocks of these types (all), among `pages` other pages and as many pictures."""
    from content.blocks import BLOCK_MODELS, ORDER_STEP
    from content.models import Page, Picture
    from content.publishing import publish

    summary = "A short answer that is long enough to be one."
    others = [
        Page.objects.create(slug=f"other-{n}", title=f"Other page {n}", summary=summary, order=n) for n in range(pages)
    ]
    pictures = [
        Picture.objects.create(digest=f"{n:064x}", name=f"Picture {n}", width=800, height=600) for n in range(pages)
    ]
    page = Page.objects.create(slug="long", title="A long page", summary=summary)
    models = [model for model in BLOCK_MODELS if not types or model.type in types]
    for n in range(blocks):
        model = models[n % len(models)]
        values = values_of(model.type, n, others, pictures[n % pages])
        model.objects.create(parent=page, region="main", ordering=n * ORDER_STEP, **values)
    publish(page=page, by=None)
    return page


# --- The editor -----------------------------------------------------------------------------------------------------


def measured(work: Callable[[], Any], status: int, *, is_counted: bool) -> tuple[Measure, Any]:
    """(CPU, wall, queries) of one request, and its response. Counting takes time: it is for rounds of their own."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) if is_counted else nullcontext([]) as queries:
        cpu, wall = time.process_time(), time.perf_counter()
        response = work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if response.status_code != status:
        raise SystemExit(f"{response.request['PATH_INFO']} answered {response.status_code}, not {status}.")
    return (cpu, wall, len(queries)), response


def one_round(client: Any, page: Any, number: int) -> dict[str, tuple[Measure, int]]:
    """An editor opens the page, changes every text, saves, publishes: step → (measure, bytes of the answer)."""
    editor, publish = f"/admin/content/page/{page.pk}/change/", f"/admin/content/page/{page.pk}/publish/"
    steps: dict[str, tuple[Measure, int]] = {}

    def step(name: str, work: Callable[[], Any], status: int = 200) -> Any:
        measure, response = measured(work, status, is_counted=number == 0)
        steps[name] = measure, len(response.content)
        return response

    data = HtmlForm(step("open the editor", lambda: client.get(editor)).text).data | {"_continue": "1"}
    step("save, nothing changed", lambda: client.post(editor, data), 302)
    data = HtmlForm(client.get(editor).text).data | {"_continue": "1"}
    changed = {name: f"<p>Round {number}.</p>{value}" for name, value in data.items() if value.startswith("<")}
    step("save, every text changed", lambda: client.post(editor, data | changed), 302)
    shown = step("page before publishing", lambda: client.get(publish))
    digest = shown.context_data["digest"]
    step("publish", lambda: client.post(publish, {"digest": digest, "when": "now", "change_note": "Bench"}), 302)
    step("read it as a visitor", lambda: client.get("/long/"))
    return steps


def run(options: argparse.Namespace) -> None:
    """In a process of its own, whose environment names the database."""
    from django.contrib.auth.models import User
    from django.test import Client

    from iop_site.progress import watched

    client = Client()
    client.force_login(User.objects.create_superuser("bench"))
    page = build(options.blocks, options.types, options.pages)
    counted = one_round(client, page, 0)
    numbers = watched(range(1, options.rounds + 1), total=options.rounds, label=options.database, unit=" rounds")
    results = [one_round(client, page, number) for number in numbers]
    for name, ((_cpu, _wall, queries), size) in counted.items():
        cpu, wall = (statistics.median(result[name][0][i] for result in results) for i in range(2))
        print(f"{options.database:<12}{name:<28}{cpu:>8.2f}{wall:>8.2f}{queries:>9}{size / 1024:>9.0f}", flush=True)


def head(options: argparse.Namespace) -> str:
    return (
        f"{options.blocks} blocks, {options.pages} other pages, medians of {options.rounds} rounds\n"
        f"{'':<12}{'':<28}{'CPU s':>8}{'wall s':>8}{'queries':>9}{'KiB':>9}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--blocks", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pages", type=int, default=200, help="other pages, and pictures, that can be chosen")
    parser.add_argument("--types", nargs="*", default=[], help="of the blocks, such as rich_text; all of them")
    on_both_databases(run, parser, head)


if __name__ == "__main__":
    main()
