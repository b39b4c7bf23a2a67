"""PublishedLayer: answers visitors from memory, in front of Django.

A page is rendered by Django once a process and moment, and sent as bytes from then on. What says in its Cache-Control
that everybody may have it is kept; everything else goes on to Django.
"""

from __future__ import annotations

import io
import math
import re
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, OperationalError, connection

from content.published import restart
from content.published.answers import Answer, Application, Environ, ask
from content.published.copies import Copies
from content.published.filling import Filling
from content.published.kept import KeptPage, StartResponse
from content.published.memory import Memory
from content.published.moment import Moment, reading
from content.published.proof import Proof, proofs
from content.published.watch import Watch
from iop_site.patience import FOR_STAFF_SECONDS, FOR_VISITORS_SECONDS, patience

# Path, query, scheme, host
Key = tuple[str, str, str, str]
SAFE_METHODS = ("GET", "HEAD")
# What a page's address may ask for: nothing, or a week with so many days.
KNOWN_QUERY = re.compile(r"(days=[1-7])?")
STAFF = "/admin/"
FORWARDED_SCHEME = "HTTP_X_FORWARDED_PROTO"
# Of the half second between two looks
WARM_UP_SECONDS = 0.25
# Again each time that something was published meanwhile; then it is sent, and not kept.
MOST_RENDERINGS = 5


class PublishedLayer:
    """`django`: what renders. `most_bytes`: of memory. `believes_proxy`: as settings.BEHIND_PROXY."""

    def __init__(self, django: Application, *, most_bytes: int, copies: Copies, believes_proxy: bool) -> None:
        self.django = django
        self.memory = Memory(most_bytes)
        self.copies = copies
        self.filling = Filling(copies, self._make_copy)
        self.watch = Watch(
            prepare=self._prepare, warm_up=self._warm_up, restore=self._restore, afterwards=self.filling.begin
        )
        self._scheme = FORWARDED_SCHEME if believes_proxy else "wsgi.url_scheme"
        self._alone = OneAtATime()
        self._thread = threading.local()
        self._counting = threading.Lock()
        self._staff_requests = 0
        self._threads_for_staff = max(1, settings.WEB_THREADS // 2)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        watch = self.watch
        if time.time() >= watch.good_until:
            watch.begin()
            watch.wait()
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return self._pass_on(environ, start_response)
        # No page depends on the host or the scheme, but Django refuses some of each.
        path, scheme = environ["PATH_INFO"], environ.get(self._scheme, "")
        key = (path, environ.get("QUERY_STRING", ""), scheme, environ.get("HTTP_HOST", ""))
        page = self.memory.get(key)
        if page is not None and page.moment is watch.moment and not (watch.is_away and page.ends <= time.time()):
            return page.send(environ, start_response)
        if path.startswith(STAFF) or not KNOWN_QUERY.fullmatch(key[1]):
            return self._pass_on(environ, start_response)
        return self._find(key, environ).send(environ, start_response)

    def _pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(STAFF):
            return self._serve_staff(environ, start_response)
        return self._ask_django(environ, self.watch.moment).send(environ, start_response)

    def _ask_django(self, environ: Environ, moment: Moment | None) -> Answer:
        """What ended the watch's connection to the database has ended this thread's as well."""
        if self.watch.outages != getattr(self._thread, "outages", 0):
            self._thread.outages = self.watch.outages
            self._close_connection()
        with patience():
            return ask(self.django, environ, moment)

    def _serve_staff(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Staff read everything anew, and wait longer. Anybody can ask for their pages, so that they would hold every
        thread of the site while the database hangs, if they could."""
        with self._counting:
            self._staff_requests += 1
            is_one_of_many = self._staff_requests > self._threads_for_staff
        seconds = FOR_STAFF_SECONDS
        if is_one_of_many:
            seconds = 0.0 if self.watch.is_away else FOR_VISITORS_SECONDS
        try:
            with patience(seconds):
                return self.django(environ, start_response)
        finally:
            with self._counting:
                self._staff_requests -= 1

    def _close_connection(self) -> None:
        """The next query opens another one."""
        connection.close()

    # --- What is not in memory ----------------------------------------------------------------------------------------

    def _find(self, key: Key, environ: Environ) -> KeptPage | Answer:
        if self.watch.is_away:
            return self._copy(key) or self._ask_django(environ, self.watch.moment)
        proof = self._proof(key[0])
        if proof is None:
            return self._render(key, environ, None)
        # Whoever comes meanwhile waits for what the first one gets.
        with self._alone.at(key):
            page = self.memory.get(key)
            is_ready = page is not None and page.moment is self.watch.moment
            return page if is_ready else self._render(key, environ, proof)

    def _proof(self, path: str) -> Proof | None:
        """None where no page is live that may be kept."""
        try:
            with reading(self.watch.moment):
                return proofs().get(path)
        except Error:
            return None

    def _render(self, key: Key, environ: Environ, proof: Proof | None) -> KeptPage | Answer:
        for _attempt in range(MOST_RENDERINGS):
            moment = self.watch.moment
            answer = self._ask_django(environ | {"REQUEST_METHOD": "GET"}, moment)
            if not answer.is_for_everybody:
                break
            if self._is_still(moment):
                return self._keep(key, answer, moment, proof)
        return answer

    def _is_still(self, moment: Moment | None) -> bool:
        """Whether nothing has been published since: what was read meanwhile is then all of one moment."""
        try:
            return self.watch.look() is moment
        except Error:
            return False

    def _keep(self, key: Key, answer: Answer, moment: Moment | None, proof: Proof | None) -> KeptPage:
        page = self._page_of(key, answer, moment, proof)
        self._put(key, page)
        return page

    def _page_of(self, key: Key, answer: Answer, moment: Moment | None, proof: Proof | None) -> KeptPage:
        page = KeptPage(
            moment,
            answer.headers,
            answer.response.content,
            proof=proof.text if proof else "",
            ends=proof.ends if proof else math.inf,
            former=self.memory.get(key),
        )
        answer.response.close()
        return page

    def _put(self, key: Key, page: KeptPage) -> None:
        self.memory.put(key, page)
        path, query, scheme, _host = key
        if page.proof and not query:
            self.copies.put((path, scheme), page)

    def _copy(self, key: Key) -> KeptPage | None:
        """What was live last, from disk, for as long as nothing better is known."""
        path, query, scheme, _host = key
        page = None if query else self.copies.get((path, scheme))
        if page is None or page.ends <= time.time():
            return None
        page.moment = self.watch.moment
        self.memory.put(key, page)
        return page

    def _make_copy(self, path: str, proof: Proof, moment: Moment) -> int:
        """For the filling; into memory it would put what nobody reads."""
        key = self._key_of(path)
        _path, _query, scheme, _host = key
        if self.copies.shows((path, scheme), proof.text, proof.ends):
            return 0
        if self.watch.is_away:
            raise OperationalError("The database is away.")
        with patience():
            answer = ask(self.django, self._environ_of(key), moment)
            if not (answer.is_for_everybody and self._is_still(moment)):
                answer.close()
                return 0
        self.copies.put((path, scheme), self._page_of(key, answer, moment, proof))
        return len(answer.response.content)

    def _key_of(self, path: str) -> Key:
        """As visitors ask for it."""
        public = urlsplit(settings.SITE_URL)
        scheme = public.scheme if self._scheme == FORWARDED_SCHEME else "http"
        return path, "", scheme, public.netloc

    def _prepare(self, moment: Moment) -> None:
        """Read what every page needs before somebody waits for it, so that all of it is known when the database goes,
        and at a start while it is away; and let go of the copies of what is live no more."""
        with reading(moment):
            self.copies.leave_only({proof.text for proof in proofs().values()})
            self.copies.put_file(restart.FILE, restart.writer())

    def _restore(self) -> Moment | None:
        return restart.moment_from(self.copies.folder / restart.FILE)

    def _warm_up(self, moment: Moment) -> Callable[[], None]:
        """Render the pages that were read last for the new moment, while the one before is still shown: else everybody
        who reads them would wait for that at once."""
        ends, made = time.monotonic() + WARM_UP_SECONDS, []
        with reading(moment):
            live = proofs()
        for key in self.memory.latest():
            if time.monotonic() > ends:
                break
            answer = ask(self.django, self._environ_of(key), moment)
            if answer.is_for_everybody:
                made.append((key, self._page_of(key, answer, moment, live.get(key[0]))))
            else:
                answer.close()

        def put() -> None:
            # The one that was read last comes last again.
            for key, page in reversed(made):
                self._put(key, page)

        return put

    def _environ_of(self, key: Key) -> Environ:
        path, query, scheme, host = key
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            self._scheme: scheme,
        }


class OneAtATime:
    """A lock for each thing that somebody is at."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[threading.Lock, int]] = {}
        self._choosing = threading.Lock()

    @contextmanager
    def at(self, thing: Hashable) -> Iterator[None]:
        with self._choosing:
            lock, users = self._locks.get(thing, (threading.Lock(), 0))
            self._locks[thing] = lock, users + 1
        try:
            with lock:
                yield
        finally:
            with self._choosing:
                lock, users = self._locks[thing]
                if users == 1:
                    del self._locks[thing]
                else:
                    self._locks[thing] = lock, users - 1
