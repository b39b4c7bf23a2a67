"""Kills at every point, while visitors are at work, and what has to be so for a point to be reached."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from iop_site.progress import Step
from tests.faults.counting import Count, are_told, count
from tests.faults.points import POINTS, Point, Where, slug_of
from tests.faults.running import Site, wait_until
from tests.faults.visitors import Crowd
from tests.smtp import MailServer

Away = Callable[[], AbstractContextManager[object]]
# So many deaths wait in one outage, for the enquiries that wait in it.
SPOOLED_FOR_EACH_DEATH = 3


def of(*places: Where) -> list[Point]:
    return [point for point in POINTS if point.where in places]


def label(point: Point) -> str:
    return f"{point.where}: {point.name}"


class Campaign:
    """`away`: takes the database away for a while. `step`: is told of each kill."""

    def __init__(
        self, site: Site, crowd: Crowd, mail: MailServer, away: Away, step: Step = lambda _kills: None
    ) -> None:
        self.site, self.crowd, self.mail, self.away, self.step = site, crowd, mail, away, step

    def kill_at(self, points: Iterable[Point], deaths: int) -> None:
        """`deaths` at each of `points`, which are all of the web, or all of the work."""
        for point in points:
            with self.crowd.at_work(label(point)):
                self._die(point, deaths)

    def kill_at_spool(self, points: Iterable[Point], deaths: int) -> None:
        """While the database is away for all of them. The worker waits for it elsewhere."""
        self.site.stop_worker()
        with self.away():
            for point in points:
                with self.crowd.at_work(label(point)):
                    self._die(point, deaths)
        self.site.start_worker()
        self.until_drained()
        self.until_told()

    def kill_at_draining(self, points: Iterable[Point], deaths: int) -> None:
        """Of what came while the database was away, at each point."""
        number = deaths * SPOOLED_FOR_EACH_DEATH
        for point in points:
            self.site.stop_worker()
            # The web drains as well: armed after the database is back, it might find nothing left to die at.
            with self.away(), self.crowd.at_work(label(point)):
                wait_until(lambda: len(self.site.spooled()) >= number, "enquiries in the spool")
                die = self._arm(point, deaths)
            self.site.start_worker()
            die()
            self.until_drained()

    def kill_at_random(self, process: str, deaths: int, pause: Callable[[], float]) -> None:
        with self.crowd.at_work(f"random: {process}"):
            before = self.site.random_kills[process]
            while (done := self.site.random_kills[process] - before) < deaths:
                self.site.tend()
                time.sleep(pause())
                self.site.kill(process)
                self.step(self.site.random_kills[process] - before - done)

    def kills(self) -> Counter[str]:
        """By group."""
        names = {slug_of(point): label(point) for point in POINTS}
        at_points = Counter({names[slug]: number for slug, number in self.site.kills().items()})
        return at_points + Counter({f"random: {name}": number for name, number in self.site.random_kills.items()})

    def _die(self, point: Point, deaths: int) -> None:
        self._arm(point, deaths)()

    def _arm(self, point: Point, deaths: int) -> Callable[[], None]:
        """What to call to wait for the deaths."""
        before = self.site.kills().total()
        self.site.arm(point, deaths)
        return functools.partial(self._until_dead, point, before)

    def _until_dead(self, point: Point, before: int) -> None:
        seen = 0

        def look() -> None:
            nonlocal seen
            self.site.tend()
            now = self.site.kills().total() - before
            self.step(now - seen)
            seen = now

        try:
            wait_until(lambda: not self.site.is_armed(), f"a death at “{label(point)}”:\n{self.site.log()}", look)
        finally:
            self.site.disarm()
        look()

    def settle(self) -> Count:
        """As if a day had passed; what there is by then."""
        self.site.stop_worker()
        counted = count(self.site, self.crowd.forms, self.mail)
        self.site.start_worker()
        return counted

    def until_told(self) -> None:
        """Staff, of everything so far. What is killed after this cannot have anything of it sent again."""
        wait_until(lambda: are_told(self.crowd.forms, self.mail), f"e-mails:\n{self.site.log()}", self.site.tend)

    def until_drained(self) -> None:
        wait_until(lambda: not self.site.spooled(), f"an empty spool:\n{self.site.log()}", self.site.tend)
