"""Whether a page costs the same when there are more pages and more enquiries."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack

from bench.context import PATH, Bench
from bench.load import BROWSER, cpu_per_request, interleaved, ratio, summary, wrk
from bench.machine import cpu_seconds
from bench.results import Result, Row
from bench.servers import Served
from bench.site import Site
from iop_site.progress import bar, watched

WITHIN = 0.10
PAGES = "page cost at 10 / 1,000 / 10,000 pages, and at 0 / 1,000,000 enquiries"
# Longer than a process takes to learn of a change.
UNTIL_KNOWN_SECONDS = 1.0
# A process that has read everything only asks twice a second whether there is something new.
IDLE_MILLISECONDS = 20
RENEW = "UPDATE content_revision SET token = md5(random()::text)"
HOW = (
    "The same page of four sites that differ in nothing else, from memory. Beside it, what is not judged here: a"
    " page that this process has not rendered yet, and what a change of anything costs: each process reads anew"
    " what is live, beside its requests, and then renders again each page that is asked for. Those are CPU of web"
    " process and database."
)


def run(bench: Bench) -> Result:
    sites = sites_of_all_sizes(bench)
    with ExitStack() as stack:
        served = {name: stack.enter_context(site.serve()) for name, site in sites.items()}
        seconds = bench.few(1, 2)

        def measure_of(one: Served) -> Callable[[], float]:
            return lambda: cpu_per_request(lambda: wrk(one.url, PATH, seconds=seconds).requests, one.pid)[0]

        measures = {name: measure_of(one) for name, one in served.items()}
        for warm_up in measures.values():
            warm_up()
        found = interleaved(measures, bench.few(2, 9), "Growth")
        everyone = watched(served.items(), total=len(served), label="First renderings")
        first = [[name, *first_renderings(bench, sites[name], one)] for name, one in everyone]
    names = list(sites)
    ratios = {name: ratio(found[name], found[names[0]]) for name in names[1:]}
    worst = max(abs(value - 1) for value in ratios.values())
    text = ", ".join(f"{value:.2f} × at {name}" for name, value in ratios.items())
    row = Row(PAGES, "the same within 10 %", text, worst, WITHIN)
    lines = [[name, *summary(values)] for name, values in found.items()]
    return Result(
        [row],
        HOW,
        [
            ("CPU of the web process for a page from memory", ["", "median, ms", "smallest", "largest"], lines),
            (
                "CPU of web process and database for what is done once, in ms",
                [
                    "",
                    "a page, first time",
                    "… until it is answered",
                    "reading what is live",
                    "first page after a change",
                ],
                first,
            ),
        ],
    )


def sites_of_all_sizes(bench: Bench) -> dict[str, Site]:
    sizes = (10, bench.few(100, 1000), bench.few(500, 10_000))
    enquiries = bench.few(10_000, 1_000_000)
    sites = {}
    with bar(total=len(sizes) + 1, label="Making sites of all sizes") as step:
        for size in sizes:
            sites[f"{size:,} pages"] = bench.site(f"growth_{size}", pages=size)
            step(1)
        name = f"{sizes[0]} pages and {enquiries:,} enquiries"
        sites[name] = bench.site("growth_enquiries", pages=sizes[0])
        sites[name].inside("enquiries", str(enquiries))
        step(1)
    return sites


def first_renderings(bench: Bench, site: Site, served: Served) -> list[str]:
    """Medians in ms: CPU of a page's first rendering, its wall time, CPU of reading what is live after a change, CPU of
    the first page after that."""
    pids = [served.pid, bench.database_pid]

    def cpu() -> float:
        return sum(cpu_seconds(pid) for pid in pids) * 1000

    def asked(path: str) -> tuple[float, float]:
        before, began = cpu(), time.perf_counter()
        assert served.get(path, BROWSER)[0] == 200, path
        return cpu() - before, (time.perf_counter() - began) * 1000

    asked(PATH)
    paths = [path for path in site.inside("paths", "30").split() if path != PATH][: bench.few(3, 9)]
    firsts = [asked(path) for path in paths]
    readings, afters = [], []
    for _ in range(bench.few(1, 5)):
        bench.sql(RENEW, site.name)
        before = cpu()
        time.sleep(UNTIL_KNOWN_SECONDS)
        wait_until_idle(cpu)
        readings.append(cpu() - before)
        afters.append(asked(PATH)[0])
    columns = [[first[0] for first in firsts], [first[1] for first in firsts], readings, afters]
    return [f"{statistics.median(column):.1f}" for column in columns]


def wait_until_idle(cpu: Callable[[], float]) -> None:
    spent = 0.0
    while cpu() - spent >= IDLE_MILLISECONDS:
        spent = cpu()
        time.sleep(0.5)
