"""A sealed enquiry, beside a usual form that stores plain columns: CPU of web process and database together."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import ExitStack

from bench import others
from bench.context import Bench
from bench.load import cpu_per_request, interleaved, ratio, summary
from bench.results import Result, Row
from bench.visitors import send_contacts, send_enquiries

MUST_BE = 0.8
OURS, USUAL = "sealed enquiry", "plain ModelForm view"
HOW = (
    "Sent one after the other over one connection: an enquiry with a token of its own each, to `SURFACE=public`;"
    " and to the usual project (bench/contenders/plain) the same answers, with Django’s CSRF cookie and token,"
    " checked by a ModelForm against the same choices and stored as plain columns by a CreateView, which tells nobody."
    " Both with persistent connections to the same PostgreSQL, which does not wait for the disk. Ours puts a task in"
    " the queue as well; what the worker then does is not counted."
)


def run(bench: Bench) -> Result:
    site = bench.site("enquiry")
    # Many short rounds: what else runs on the machine then hits both alike.
    count, rounds = bench.few(40, 60), bench.few(2, 31)
    tokens = iter(site.inside("tokens", str(count * (rounds + 1))).split())
    with ExitStack() as stack:
        ours = stack.enter_context(site.serve())
        usual = others.plain(bench, stack, others.plain_database(bench))

        def enquiries() -> int:
            return send_enquiries(ours, [next(tokens) for _ in range(count)])

        def contacts() -> int:
            return send_contacts(usual, count)

        enquiries()
        contacts()
        of_database: dict[str, list[float]] = {OURS: [], USUAL: []}

        def measure(name: str, pid: int, work: Callable[[], int]) -> float:
            web, database = cpu_per_request(work, pid, bench.database_pid)
            of_database[name].append(database)
            return web + database

        measures = {
            OURS: lambda: measure(OURS, ours.pid, enquiries),
            USUAL: lambda: measure(USUAL, usual.pid, contacts),
        }
        found = interleaved(measures, rounds, "Enquiries")
    times = ratio(found[OURS], found[USUAL])
    row = Row(
        "sealed enquiry accepted, CPU (app + database) / a plain ModelForm view",
        f"≤ {MUST_BE}",
        f"{times:.2f}",
        times,
        MUST_BE,
    )
    lines = [[name, *summary(values), f"{statistics.median(of_database[name]):.3f}"] for name, values in found.items()]
    head = ["", "median, ms", "smallest", "largest", "of it the database"]
    return Result([row], HOW, [("CPU for one", head, lines)])
