"""Load by wrk, and rounds in which everything that is compared takes its turn."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bench.machine import cpu_seconds
from iop_site.launch.parent import end_with_parent
from iop_site.progress import bar

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 8
# After wrk has gone, a server still answers what was asked for.
SETTLE_SECONDS = 0.3
# What browsers send.
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


class Answers(NamedTuple):
    """`requests` with those that each connection was still waiting for at the end: the server did their work. `rate` a
    second, latencies in milliseconds."""

    requests: int
    rate: float
    p50: float
    p99: float


def refuse_without_wrk() -> None:
    if shutil.which("wrk") is None:
        sys.exit("Cannot measure: wrk is not installed. On Debian: sudo apt install wrk.")


def wrk(
    url: str,
    *paths: str,
    seconds: float,
    connections: int = CONNECTIONS,
    headers: Mapping[str, str] | None = None,
    rate: float = 0,
) -> Answers:
    """`paths` of the server at `url` in turn, for `seconds`; `rate`: so many requests a second, 0 for all it can."""
    options = [f"--header={name}: {value}" for name, value in (BROWSER | dict(headers or {})).items()]
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={max(1, round(seconds))}s"]
    command += [f"--script={SCRIPT}", *options, f"{url}{paths[0]}", "--", str(rate), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=end_with_parent)
    if done.returncode:
        sys.exit(f"wrk did not come to its end: {done.stderr.strip() or done.stdout.strip()}")
    found = json.loads(done.stdout.splitlines()[-1])
    if found["refused"] or found["broken"]:
        sys.exit(f"{url}{paths[0]}: {found['refused']} answers were errors, {found['broken']} never came.")
    return Answers(found["requests"] + connections, found["requests"] / found["seconds"], found["p50"], found["p99"])


def cpu_per_request(work: Callable[[], int], *pids: int) -> list[float]:
    """Milliseconds of CPU of each of the processes `pids` for one request; `work` returns how many there were."""
    before = [cpu_seconds(pid) for pid in pids]
    requests = work()
    time.sleep(SETTLE_SECONDS)
    return [(cpu_seconds(pid) - spent) * 1000 / requests for pid, spent in zip(pids, before, strict=True)]


def interleaved(measures: Mapping[str, Callable[[], float]], rounds: int, label: str) -> dict[str, list[float]]:
    """name → what it gave in each round: A, B, C, then B, C, A, …, so that what else the machine does hits all."""
    names = list(measures)
    found: dict[str, list[float]] = {name: [] for name in names}
    with bar(total=rounds * len(names), label=label) as step:
        for number in range(rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                found[name].append(measures[name]())
                step(1)
    return found


def ratio(one: list[float], other: list[float]) -> float:
    """The median of their ratios in the same round."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def summary(values: list[float], digits: int = 3) -> list[str]:
    """Median, smallest, largest."""
    return [f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values))]
