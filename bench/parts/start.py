"""From the command to the first page: a new process, files that were read before, the database ready."""

from __future__ import annotations

import statistics
import sys
import time

from bench.context import PATH, Bench
from bench.load import interleaved, summary
from bench.results import Result, Row
from bench.servers import ROOT, running
from bench.site import Site
from tests.postgres import free_port

MUST_BE = 1.5
SERVER, LAUNCH = "gunicorn, `SURFACE=public`", "`make run`, `SURFACE=public`, nothing to prepare"


def run(bench: Bench) -> Result:
    site = bench.site("start")

    def server() -> float:
        began = time.perf_counter()
        with site.serve(path=PATH):
            return time.perf_counter() - began

    measures = {SERVER: server, LAUNCH: lambda: launch(bench, site)}
    for warm_up in measures.values():
        warm_up()
    found = interleaved(measures, bench.few(2, 9), "Starts")
    took = statistics.median(found[SERVER])
    row = Row("start to first page served", f"≤ {MUST_BE} s", f"{took:.2f} s", took, MUST_BE)
    how = f"Until {PATH} was answered whole, asked for every 5 ms."
    lines = [[name, *summary(values, 2)] for name, values in found.items()]
    return Result([row], how, [("Wall time", ["", "median, s", "smallest", "largest"], lines)])


def launch(bench: Bench, site: Site) -> float:
    """As `make run` does when everything is prepared, without looking after .venv."""
    port = free_port()
    variables = site.variables("public") | {"PORT": str(port)}
    began = time.perf_counter()
    with running([sys.executable, "-m", "iop_site.launch"], port, bench.folder, ROOT, variables) as served:
        served.wait_for(PATH)
        return time.perf_counter() - began
