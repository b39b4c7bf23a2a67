"""A thousand publications while people read: no mixture, no page that is older than a second, no error."""

from __future__ import annotations

import bisect
import re
import subprocess
import sys
import threading
import time
from typing import NamedTuple

from tests.content.publishing_often import SLUG
from tests.launched import ROOT, Site, get, launched_site

TIMES = 1_000
READERS = 2
# Between two reads of one reader, so that the machine is left something to publish with.
PAUSE_SECONDS = 0.01
# What is published counts as live for everybody this many seconds later.
SOON = 1.0
NUMBERS = re.compile(r"<h1>Number (\d+)</h1>.*?short answer of number (\d+)\.", re.DOTALL)


class Read(NamedTuple):
    """`at`: when it was asked for, in POSIX time. `numbers`: of its title and of its answer."""

    at: float
    status: int
    numbers: tuple[int, ...]


def read_on(site: Site, is_over: threading.Event, reads: list[Read]) -> None:
    while not is_over.is_set():
        at = time.time()
        # A new connection each time, so that both processes are asked.
        status, body = get(f"{site.url}/{SLUG}/")
        found = NUMBERS.search(body)
        reads.append(Read(at, status, tuple(map(int, found.groups())) if found else ()))
        time.sleep(PAUSE_SECONDS)


def test_a_thousand_publications_under_load() -> None:
    reads: list[Read] = []
    is_over = threading.Event()
    with launched_site(WEB_PROCESSES="2") as site, publishing(site) as publisher:
        published = [published_at(publisher.stdout.readline())]
        # Before a second has passed, the page may rightly not be there.
        time.sleep(SOON)
        readers = [threading.Thread(target=read_on, args=(site, is_over, reads)) for _number in range(READERS)]
        for reader in readers:
            reader.start()
        published += [published_at(line) for line in publisher.stdout]
        time.sleep(SOON)
        is_over.set()
        for reader in readers:
            reader.join()
        last = get(f"{site.url}/{SLUG}/")
    assert publisher.returncode == 0
    assert len(published) == TIMES
    assert {read.status for read in reads} == {200}
    assert [read for read in reads if len(set(read.numbers)) != 1] == []
    moments = [at for _number, at in published]
    for read in reads:
        assert read.numbers[0] >= bisect.bisect_right(moments, read.at - SOON)
    assert f"Number {TIMES}</h1>" in last[1]
    # The readers were there all the while.
    assert len({read.numbers[0] for read in reads}) > TIMES / 50


def publishing(site: Site) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.content.publishing_often", str(TIMES)]
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "iop_site.settings"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def published_at(line: str) -> tuple[int, float]:
    number, at = line.split()
    return int(number), float(at)
