"""Whether publishing a page costs the same when there are a thousand times as many."""

from __future__ import annotations

from contextlib import ExitStack

from bench.context import Bench
from bench.load import interleaved, ratio, summary
from bench.machine import cpu_seconds
from bench.results import Result, Row

WITHIN = 0.20
HOW = (
    "`content.publishing.publish` of the same page after one of its blocks was changed, in a process of its own;"
    " with what it writes for search. Wall time is told beside the CPU of process and database, which is judged."
)


def run(bench: Bench) -> Result:
    sizes = (10, bench.few(500, 10_000))
    sites = {size: bench.site(f"publishing_{size}", pages=size) for size in sizes}
    walls: dict[str, list[float]] = {}
    with ExitStack() as stack:
        publishers = {size: stack.enter_context(site.publisher()) for size, site in sites.items()}

        def measure(size: int) -> float:
            before = cpu_seconds(bench.database_pid)
            took = publishers[size].publish()
            walls.setdefault(f"{size:,} pages, wall", []).append(took["wall"] * 1000)
            return (took["cpu"] + cpu_seconds(bench.database_pid) - before) * 1000

        for size in sizes:
            measure(size)
        walls.clear()
        measures = {f"{size:,} pages, CPU": lambda size=size: measure(size) for size in sizes}
        found = interleaved(measures, bench.few(3, 21), "Publishing")
    few, many = list(found.values())
    times = ratio(many, few)
    row = Row(
        f"publishing one page at 10 / {sizes[1]:,} pages", "the same within 20 %", f"{times:.2f} ×", times - 1, WITHIN
    )
    lines = [[name, *summary(values, 1)] for name, values in (found | walls).items()]
    return Result([row], HOW, [("For one page", ["", "median, ms", "smallest", "largest"], lines)])
