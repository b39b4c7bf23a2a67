"""How long visitors wait while the site has much to do: pages at 80 % of what it can, enquiries and editors beside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from bench.context import PATH, Bench
from bench.load import BROWSER, Answers, wrk
from bench.results import Result, Row
from bench.servers import Served
from bench.staff import Editor
from bench.visitors import send_enquiries
from iop_site.progress import bar

SHARE = 0.8
MUST_BE = 5
# So many that a visitor who waits seldom keeps the next one from coming.
CONNECTIONS = 64
ENQUIRY_EVERY_SECONDS = 2.0
SAVE_EVERY_SECONDS = 5.0
SAVES_UNTIL_PUBLISHED = 6
PAGES = 12
# Longer than a process takes to learn of a change.
UNTIL_KNOWN_SECONDS = 2.0
HOW = (
    f"{PAGES} pages in turn over {CONNECTIONS} connections, from one public web process. The top rate is the median of"
    " three runs without pauses; then wrk sends at 80 % of it on one timeline for all connections, its gaps"
    " exponentially distributed, and who is late does not move who comes after. Beside it, an enquiry (form fetched,"
    f" sent) every {ENQUIRY_EVERY_SECONDS:.0f} s to the same process; and an editor on the staff surface, a process of"
    f" its own, who opens and saves a page every {SAVE_EVERY_SECONDS:.0f} s and publishes it every"
    f" {SAVE_EVERY_SECONDS * SAVES_UNTIL_PUBLISHED:.0f} s, after which every page is rendered anew. wrk, PostgreSQL and"
    " all processes share this machine."
)


def run(bench: Bench) -> Result:
    site = bench.site("busy")
    seconds, times = bench.few(6, 60), bench.few(1, 3)
    [page] = site.inside("key").split()
    paths = site.inside("paths", str(PAGES)).split()
    sent = int(seconds * (times + 1) / ENQUIRY_EVERY_SECONDS) + 10
    tokens = iter(site.inside("tokens", str(sent)).split())
    with ExitStack() as stack:
        public = stack.enter_context(site.serve(path=PATH))
        editor = Editor(stack.enter_context(site.serve("staff")), int(page))
        editor.save()
        editor.publish()
        read_anew(public, paths)
        tops, quiet, busy = [], [], []
        with bar(total=2 * times + 3, label="Busy") as step:
            for _ in range(3):
                tops.append(wrk(public.url, *paths, seconds=bench.few(1, 5), connections=CONNECTIONS).rate)
                step(1)
            rate = sorted(tops)[1] * SHARE
            for _ in range(times):
                read_anew(public, paths)
                quiet.append(wrk(public.url, *paths, seconds=bench.few(2, 10), connections=CONNECTIONS, rate=rate))
                step(1)
                read_anew(public, paths)
                with work(public, editor, tokens):
                    busy.append(wrk(public.url, *paths, seconds=seconds, connections=CONNECTIONS, rate=rate))
                step(1)
    worst = sorted(busy, key=lambda answers: answers.p99 / answers.p50)[len(busy) // 2]
    times_as_long = worst.p99 / worst.p50
    row = Row(
        "p99 of pages at 80 % of the top rate, with enquiries and editors at work beside it",
        f"≤ {MUST_BE} × p50",
        f"{times_as_long:.1f} × (p50 {worst.p50:.1f} ms, p99 {worst.p99:.1f} ms, {worst.rate:.0f} a second)",
        times_as_long,
        MUST_BE,
    )
    lines = [["top rate", f"{top:,.0f}", "", "", ""] for top in tops]
    lines += [line("80 %, nothing beside it", answers) for answers in quiet]
    lines += [line("80 %, enquiries and editors beside it", answers) for answers in busy]
    return Result([row], HOW, [("Each run", ["", "answers a second", "p50, ms", "p99, ms", "p99 / p50"], lines)])


def read_anew(public: Served, paths: list[str]) -> None:
    """So that no run begins with what another one has published."""
    time.sleep(UNTIL_KNOWN_SECONDS)
    for path in paths:
        public.get(path, BROWSER)


def line(name: str, answers: Answers) -> list[str]:
    times = answers.p99 / answers.p50
    return [name, f"{answers.rate:,.0f}", f"{answers.p50:.2f}", f"{answers.p99:.2f}", f"{times:.1f}"]


@contextmanager
def work(public: Served, editor: Editor, tokens: Iterator[str]) -> Iterator[None]:
    """Enquiries and an editor, each in a thread, until the end of the block; raises what went wrong in them."""
    is_over, problems = threading.Event(), []

    def enquire(_number: int) -> None:
        public.get("/admissions/")
        send_enquiries(public, [next(tokens)])

    def edit(number: int) -> None:
        editor.save()
        if number % SAVES_UNTIL_PUBLISHED == 0:
            editor.publish()

    def repeatedly(task: Callable[[int], None], every: float) -> None:
        try:
            number = 1
            while not is_over.wait(every):
                task(number)
                number += 1
        except (Exception, SystemExit) as problem:
            problems.append(problem)

    threads = [
        threading.Thread(target=repeatedly, args=how, daemon=True)
        for how in ((enquire, ENQUIRY_EVERY_SECONDS), (edit, SAVE_EVERY_SECONDS))
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    if problems:
        raise problems[0]
