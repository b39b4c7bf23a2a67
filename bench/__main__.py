"""`make bench`: the site beside what else could have been used, one run; writes bench/RESULTS.md.

`.venv/bin/python -m bench pages start` measures those parts alone, and `--quick` everything for a moment, to see that
it works; both only print. Ends with 1 if something fell short.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench import load, machine, results
from bench.context import Bench
from bench.parts import busy, enquiry, form, growth, memory, pages, publishing, start
from iop_site.launch.__main__ import STOP_SIGNALS, stop
from tests.postgres import NoPostgres, throwaway_server

PARTS = {
    "pages": pages.run,
    "form": form.run,
    "enquiry": enquiry.run,
    "busy": busy.run,
    "growth": growth.run,
    "publishing": publishing.run,
    "memory": memory.run,
    "start": start.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--quick", action="store_true", help="measure each for a moment only; the figures say nothing")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {min(unknown)!r}; there are {', '.join(PARTS)}.")
    load.refuse_without_wrk()
    # Whoever is impatient, or ends it otherwise than by Ctrl-C: what runs is stopped in order all the same.
    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    chosen = {name: run for name, run in PARTS.items() if not options.parts or name in options.parts}
    began, load_before = time.monotonic(), machine.load_average()
    found = {}
    try:
        with tempfile.TemporaryDirectory(prefix="iop-bench-") as folder, throwaway_server() as server:
            bench = Bench(server, Path(folder), machine.cache_folder(), options.quick)
            for name, run in chosen.items():
                found[name] = run(bench)
                for row in found[name].rows:
                    print(": ".join(row.cells), file=sys.stderr, flush=True)
    except NoPostgres as error:
        sys.exit(f"Cannot measure without PostgreSQL: {error}.")
    took = time.monotonic() - began
    text = results.text_of(found, took=took, load_before=load_before, others=bench.versions)
    return results.tell(found, text, is_whole=len(chosen) == len(PARTS) and not options.quick)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
