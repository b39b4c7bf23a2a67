"""The enquiry form's page, beside a Django view that does nothing."""

from __future__ import annotations

from contextlib import ExitStack

from bench import others
from bench.context import Bench
from bench.load import cpu_per_request, interleaved, ratio, summary, wrk
from bench.results import Result, Row
from bench.servers import Served

FORM, EMPTY = "enquiry form", "empty Django view"
PATH = "/admissions/"
MUST_BE = 3


def run(bench: Bench) -> Result:
    with ExitStack() as stack:
        ours = stack.enter_context(bench.site("form").serve())
        empty = others.plain(bench, stack, others.plain_database(bench))
        seconds = bench.few(1, 2)

        def measure(served: Served, path: str) -> float:
            return cpu_per_request(lambda: wrk(served.url, path, seconds=seconds).requests, served.pid)[0]

        measures = {FORM: lambda: measure(ours, PATH), EMPTY: lambda: measure(empty, "/empty/")}
        for warm_up in measures.values():
            warm_up()
        found = interleaved(measures, bench.few(2, 9), "Form")
    times = ratio(found[FORM], found[EMPTY])
    row = Row("enquiry form, GET, CPU / an empty Django view", f"≤ {MUST_BE}", f"{times:.2f}", times, MUST_BE)
    how = (
        "As the pages; each answer has a token of its own. The view answers nothing, behind Django’s stock middleware."
    )
    lines = [[name, *summary(values)] for name, values in found.items()]
    return Result(
        [row], how, [("CPU of the web process for one request", ["", "median, ms", "smallest", "largest"], lines)]
    )
