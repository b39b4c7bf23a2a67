"""More than one machine, by simulation: `python -m bench.scale` prints the tables of docs/scale.md.

N public machines share one PostgreSQL server. What each kind of work costs is taken from RESULTS.md; requests come at
random (Poisson), and whoever finds all cores taken waits in line. Networks and disks are left out: a commit waits for
the server's disk besides, which group commit shares among those who wait.
"""

from __future__ import annotations

import heapq
import random
import statistics
from dataclasses import dataclass

from bench.results import table

SECONDS = 60.0
PROCESSES, THREADS, CORES = 2, 8, 2
DATABASE_CORES = 4
# PostgreSQL's max_connections as it comes, less what it keeps for its owner.
CONNECTIONS = 97
LOOKS_A_SECOND = 2


@dataclass(frozen=True)
class Costs:
    """CPU in milliseconds: medians of RESULTS.md; what PostgreSQL spends on a look, and on what a process reads anew
    after a change, is estimated, and high."""

    page: float = 0.57
    form: float = 1.72
    enquiry: float = 4.9
    enquiry_database: float = 0.9
    look_database: float = 0.2
    reload_database: float = 20.0


@dataclass(frozen=True)
class Waits:
    """In milliseconds, and how much of the cores was used."""

    p50: float
    p99: float
    use: float


def simulate(works: list[tuple[float, float]], cores: int, seed: int = 1) -> Waits:
    """`works`: (times a second, milliseconds of CPU) of each kind; the waits are those of the first kind, its own work
    included."""
    chance, jobs = random.Random(seed), []  # noqa: S311 -- the same each time, and no secret
    for kind, (rate, cost) in enumerate(works):
        at = chance.expovariate(rate)
        while at < SECONDS:
            jobs.append((at, kind, cost / 1000))
            at += chance.expovariate(rate)
    free = [0.0] * cores
    took, busy = [], 0.0
    for at, kind, cost in sorted(jobs):
        ends = max(at, heapq.heappop(free)) + cost
        heapq.heappush(free, ends)
        busy += cost
        if kind == 0:
            took.append((ends - at) * 1000)
    cuts = statistics.quantiles(took, n=100)
    return Waits(cuts[49], cuts[98], busy / SECONDS / cores)


def machines(costs: Costs) -> str:
    """One machine: how many pages it hands out while a hundredth as many forms are opened and one in ten is sent."""
    lines = []
    for part in (0.5, 0.8, 0.9, 0.95):
        mixed = costs.page + (costs.form + costs.enquiry / 10) / 100
        rate = part * CORES * 1000 / mixed
        waits = simulate([(rate, costs.page), (rate / 100, costs.form), (rate / 1000, costs.enquiry)], CORES)
        lines.append([f"{part:.0%}", f"{rate:,.0f}", f"{rate / 1000:.1f}", f"{waits.p50:.1f}", f"{waits.p99:.1f}"])
    return table(["of its cores", "pages a second", "enquiries a second", "p50, ms", "p99, ms"], lines)


def database(costs: Costs) -> str:
    """One server with DATABASE_CORES: enquiries, looks, and what every process reads anew twice a minute."""
    lines = []
    for count in (1, 2, 5, 10, 50, 200):
        processes = count * PROCESSES
        background = [(processes * LOOKS_A_SECOND, costs.look_database), (processes / 30, costs.reload_database)]
        idle = sum(rate * cost for rate, cost in background) / 1000 / DATABASE_CORES
        top = max(0.0, 0.8 - idle) * DATABASE_CORES * 1000 / costs.enquiry_database
        waits = simulate([(top, costs.enquiry_database), *background], DATABASE_CORES)
        connections = processes * (THREADS + 1)
        lines.append(
            [
                str(count),
                f"{connections}{'' if connections <= CONNECTIONS else ' (too many)'}",
                f"{idle:.1%}",
                f"{top:,.0f}",
                f"{waits.p99:.1f}",
            ]
        )
    head = ["public machines", "connections", "cores taken by looking", "enquiries a second at 80 %", "p99 of them, ms"]
    return table(head, lines)


def main() -> None:
    costs = Costs()
    print(f"One public machine with {CORES} cores\n\n{machines(costs)}\n")
    print(f"One PostgreSQL server with {DATABASE_CORES} cores\n\n{database(costs)}")


if __name__ == "__main__":
    main()
