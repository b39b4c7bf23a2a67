"""How gunicorn serves the site, under `make run` and behind a proxy alike."""

from __future__ import annotations

import logging
import os
from typing import Any

from django.conf import settings
from gunicorn import util
from gunicorn.http import wsgi

from iop_site import bare_page, buffered_worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")

# A proxy on the same machine, or nobody else: another address is for the command line to say (--bind).
bind = f"127.0.0.1:{settings.PORT}"
workers = settings.WEB_PROCESSES
# Threads that never wait for a client, however slowly it sends or reads.
worker_class = "iop_site.buffered_worker.BufferedWorker"
buffered_worker.BufferedWorker.seconds = settings.CLIENT_SECONDS
# In each process; beyond it, whoever has kept it waiting longest is closed. Stays below the usual 1024 open files.
worker_connections = 500
threads = settings.WEB_THREADS
# Each process opens its own database connections and reads its own copy of what is published.
preload_app = False
timeout = 60
graceful_timeout = 10
keepalive = 5
# The longest that gunicorn can be told to read: up to there an address is answered by the site's own pages, and beyond
# by iop_site/bare_page.py.
limit_request_line = 8190
# A heartbeat file on a disk that is slow to sync would get healthy processes killed.
memory = "/dev/shm"  # noqa: S108 -- gunicorn makes a private file in it
worker_tmp_dir = memory if os.path.isdir(memory) else None
# Addresses and referrers of people in distress are not ours to keep.
accesslog = None
loglevel = "warning"
control_socket_disable = True
# Whether "X-Forwarded-Proto: https" is believed is for BEHIND_PROXY to say, and then of this machine alone.
forwarded_allow_ips = "127.0.0.1,::1" if settings.BEHIND_PROXY else ""
# Django answers HEAD with a body that gunicorn then drops: rightly, and not worth a line each time.
logging.getLogger("gunicorn.http.wsgi").setLevel(logging.ERROR)


class _WithoutVisitors(logging.Filter):
    """What a stranger sent is not for the log, nor where it came from; what happens to the processes is."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = str(record.msg)
        if message.startswith("Error handling request"):
            record.msg, record.args = "Error handling a request", ()
        return not message.startswith("Invalid request from ip=")


logging.getLogger("gunicorn.error").addFilter(_WithoutVisitors())

_default_headers = wsgi.Response.default_headers


def _headers_without_server(response: wsgi.Response) -> list[Any]:
    return [header for header in _default_headers(response) if not header.startswith("Server:")]


# What software answers is nobody's business, and gunicorn has no setting for it.
wsgi.Response.default_headers = _headers_without_server
# Its own pages for what is no request show what was sent, and no crisis line.
util.write_error = bare_page.write_error
