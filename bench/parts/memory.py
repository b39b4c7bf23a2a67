"""What one public web process takes after a thousand different pages were read."""

from __future__ import annotations

from bench.context import Bench
from bench.load import BROWSER
from bench.machine import memory_of
from bench.results import Result, Row
from iop_site.progress import watched

MUST_BE = 90
HOW = (
    "The one worker of gunicorn, `SURFACE=public`, default settings; pages asked for with brotli. In MB of 2²⁰"
    " bytes, as ps and top have it. Resident: everything that is in memory for it (RSS). Own: what it shares with"
    " others, such as the code of Python, divided among them (PSS). The row counts all that is resident."
)


def run(bench: Bench) -> Result:
    count = bench.few(50, 1000)
    # A few more: those that are read in secret are kept by nobody.
    site = bench.site("memory", pages=count + 20)
    paths = site.inside("paths", str(count)).split()
    with site.serve() as served:
        before = memory_of(served.worker)
        for path in watched(paths, total=len(paths), label="Memory", unit=" pages"):
            status, _headers, _body = served.get(path, BROWSER)
            assert status == 200, path
        after = memory_of(served.worker)
    row = Row(
        f"memory of one public web process, {len(paths):,} pages read",
        f"≤ {MUST_BE} MB",
        f"{after.resident:.0f} MB resident, {after.own:.0f} its own",
        after.resident,
        MUST_BE,
    )
    lines = [
        [name, f"{memory.resident:.1f}", f"{memory.own:.1f}"]
        for name, memory in (("before the first page", before), (f"after {len(paths):,}", after))
    ]
    return Result([row], HOW, [("Memory", ["", "resident, MB", "own, MB"], lines)])
