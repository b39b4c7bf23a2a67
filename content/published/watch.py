"""Watch: knows what is live, and is never wrong for longer than a second.

A thread of each process asks for the Revision's token twice a second: once a second would find a change made right
after a look later than a second, by the time that the question takes and the thread is late.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Min

from content.models import Publication, Revision, SiteSettings
from content.published.moment import Moment
from iop_site.patience import patience

logger = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.5
# From the beginning of a look on, what it found may be told for so long.
GOOD_FOR_SECONDS = 1.0
# A request waits so long for a look that is late; then the database counts as away, and nobody waits any more.
PATIENCE_SECONDS = 2.0

WarmUp = Callable[[Moment], Callable[[], None]]


class Watch:
    """`moment`: what is live; None before the first look. `good_until`: the POSIX time until which that is sure.
    `is_away`: nothing is sure, and what was live last has to do. `outages`: how often that began. `prepare` is called
    with each new moment, before it is shown to anybody; when it raises, the moment before goes on. So is `warm_up`, by
    the thread alone; what it gives is called as soon as the moment is shown. `afterwards` is called by the thread after
    each look, with the moment that is shown, and must not take long. `restore` gives what was live last where
    the database is away from the first look on, if that is known."""

    def __init__(
        self,
        prepare: Callable[[Moment], None] = lambda moment: None,
        warm_up: WarmUp | None = None,
        restore: Callable[[], Moment | None] = lambda: None,
        afterwards: Callable[[Moment], None] = lambda moment: None,
    ) -> None:
        self.prepare = prepare
        self.warm_up = warm_up
        self.restore = restore
        self.afterwards = afterwards
        self.moment: Moment | None = None
        self.good_until = 0.0
        self.is_away = False
        self.outages = 0
        self._looking = threading.Lock()
        self._looked = threading.Condition()
        self._is_due = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_over = False

    def begin(self) -> None:
        """Look from now on, in a thread of its own; a second call changes nothing."""
        if self._thread is not None:
            return  # And waits for no look, which takes long where the database hangs.
        with self._looking:
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_for_ever, name="watch", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Stop looking, for tests: a process just ends."""
        self._is_over = True
        self._is_due.set()
        if self._thread:
            self._thread.join()

    def wait(self) -> None:
        """Until `moment` is sure again, not for long, and while the database is away not at all."""
        if self.is_away or time.time() < self.good_until:
            return
        self._is_due.set()
        with self._looked:
            is_sure = self._looked.wait_for(lambda: self.is_away or time.time() < self.good_until, PATIENCE_SECONDS)
        if not is_sure:
            self._lose("it does not answer")

    def look(self, warm_up: WarmUp | None = None) -> Moment:
        """What is live now, asked of the database; raises django.db.Error."""
        put = None
        with self._looking:
            began = time.time()
            token = revision()
            moment = self.moment
            if moment is None or moment.token != token or began >= moment.until:
                moment = Moment(token, next_change(began), before=moment)
                self.prepare(moment)
                put = warm_up(moment) if warm_up else None
                if put and revision() != token:
                    put = None  # Something was published meanwhile, and may be mixed into it.
        with self._looked:
            if self.is_away:
                logger.warning("The database is back: pages are read from it again.")
            self.moment, self.is_away = moment, False
            self.good_until = min(began + GOOD_FOR_SECONDS, moment.until)
            self._looked.notify_all()
        if put:
            put()
        return moment

    def _lose(self, reason: str) -> None:
        with self._looked:
            if not self.is_away:
                self.outages += 1
                logger.error("The database is away (%s): pages are answered from what was live last.", reason)
                self.moment = self.moment or self.restore()
            self.is_away = True
            self._looked.notify_all()

    def _look_for_ever(self) -> None:
        while not self._is_over:
            began = time.time()
            try:
                with patience():
                    moment = self.look(self.warm_up)
                self.afterwards(moment)
                until = moment.until
            except Exception as error:
                # Whatever it is: a thread that ended would never find a change again.
                connection.close()
                # The class alone: a database's message may name where it is.
                self._lose(type(error).__name__)
                until = began + LOOK_EVERY_SECONDS
            self._is_due.wait(max(0.0, min(began + LOOK_EVERY_SECONDS, until) - time.time()))
            self._is_due.clear()


def revision() -> str:
    """The token; one query."""
    return Revision.objects.values_list("token", flat=True).first() or ""


def next_change(after: float) -> float:
    """The next time after the POSIX time `after` at which what is live changes by itself: something scheduled begins or
    ends, or a day does at the site's place, on which a review may become overdue."""
    at = datetime.fromtimestamp(after, UTC)
    coming = Publication.objects.filter(cancellation__isnull=True)
    begins = coming.filter(starts_at__gt=at).aggregate(Min("starts_at"))["starts_at__min"]
    ends = coming.filter(ends_at__gt=at).aggregate(Min("ends_at"))["ends_at__min"]
    zone = SiteSettings.load().zone
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, datetime.min.time(), tzinfo=zone)
    return min(moment.timestamp() for moment in (begins, ends, midnight) if moment)
