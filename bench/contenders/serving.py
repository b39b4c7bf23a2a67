"""As deploy/gunicorn.conf.py serves the site, in one process."""

from __future__ import annotations

import os

worker_class = "gthread"
workers = 1
threads = 8
keepalive = 5
timeout = 60
memory = "/dev/shm"  # noqa: S108 -- gunicorn makes a private file in it
worker_tmp_dir = memory if os.path.isdir(memory) else None
accesslog = None
loglevel = "warning"
control_socket_disable = True
