"""What processes cost, from Linux's own accounting, and what machine this is."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import NamedTuple

from iop_site.environment import text

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Memory(NamedTuple):
    """In MB of 2²⁰ bytes, as ps and top have it. `own`: what several processes share is divided among them (PSS)."""

    resident: float
    own: float


def children(pid: int) -> list[int]:
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for line in lists for child in line.split()]


def cpu_seconds(pid: int) -> float:
    """CPU time, user's and system's, of the process and everything that came from it, also of what has ended since."""
    try:
        # Linux's clock of another process: utime + stime of /proc/PID/stat, in nanoseconds instead of ticks of 10 ms.
        own = time.clock_gettime((~pid << 3) | 2)
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # It has just ended, and its parent has it.
    ended = (int(fields[13]) + int(fields[14])) / TICKS_PER_SECOND
    return own + ended + sum(cpu_seconds(child) for child in children(pid))


def memory_of(pid: int) -> Memory:
    """Of this one process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    found = {line.split()[0]: int(line.split()[1]) / 1024 for line in lines}
    return Memory(found["Rss:"], found["Pss:"])


def cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown CPU")


def short_description() -> str:
    return f"{os.cpu_count()} × {cpu_model()}, Python {platform.python_version()}"


def description() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {cpu_model()}, {memory:.0f} GiB of memory, {platform.system()} {platform.release()}"


def load_average() -> float:
    """How many processes were running or waiting to, on average over the last minute."""
    return os.getloadavg()[0]


def cache_folder() -> Path:
    """What a second run need not make again."""
    return Path(text("DATA_DIR") or Path(__file__).resolve().parent.parent / "var").expanduser().resolve() / "bench"
