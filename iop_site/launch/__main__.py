"""`make run`: prepares what a start needs, says what it does, and serves until told to stop."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from iop_site import environment as env
from iop_site.launch import keys
from iop_site.launch.folders import CannotStart, make_writable, only_one

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
BASE_DIR = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")
    try:
        start()
    except (CannotStart, env.SettingError) as error:
        print(f"Cannot start: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
    return 0


def stop(number: int, frame: FrameType | None) -> None:
    """Once, and in order: whoever is impatient, or signals the whole group, changes nothing."""
    for other in STOP_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt


def start() -> None:
    """Returns never: it ends with CannotStart or KeyboardInterrupt."""
    data_dir = env.folder("DATA_DIR", BASE_DIR / "var")
    make_writable(data_dir, "set DATA_DIR to another folder")
    with only_one(data_dir, while_waiting=f"Waiting: another start is preparing {data_dir}."):
        # Before the settings are read, because they read the keys.
        make_keys(data_dir)

        import django
        from django.conf import settings

        listener = listen(settings.PORT)
        django.setup()

        from iop_site.launch import preparation

        preparation.prepare()

    from iop_site.launch.processes import serve

    serve(listener, announcement=announce)


def make_keys(data_dir: Path) -> None:
    """In production secrets and keys are given, and on the public surface no private key may ever lie."""
    if env.text("SITE_MODE") == "production":
        return
    if keys.make_secret_key(data_dir):
        print(f"Made a secret for signing in {data_dir / 'secrets'}", flush=True)
    if env.text("SURFACE") != "public":
        wanted = tuple(name for name in keys.PAIRS if not env.secret(f"ENQUIRY_{name.upper()}_PUBLIC_KEY"))
        for name in keys.make_key_pairs(data_dir, wanted):
            print(f"Made the {name} key in {data_dir / 'keys'}", flush=True)


def listen(port: int) -> socket.socket:
    """Take `port` for good, before anything is prepared for it; gunicorn is handed the socket."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=2048)
    except OSError as error:
        reason = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
        raise CannotStart(f"port {port} {reason}: choose another, as in `make run PORT={port + 1}`.") from error


def announce() -> None:
    """What a person needs to know once the site answers."""
    from django.conf import settings

    lines = []
    if settings.HAS_PUBLIC:
        lines.append(f"Site      {settings.SITE_URL}/")
    if settings.HAS_STAFF:
        lines.append(f"Admin     {settings.STAFF_URL}/admin/")
        if not settings.IS_PRODUCTION:
            lines.append(f"Mail      is written to files in {settings.EMAIL_FILE_PATH}")
    recovery_key = settings.DATA_DIR / "keys" / "recovery.key"
    if settings.HAS_STAFF:
        lines.append(f"Keys      {recovery_key.parent}")
        if recovery_key.exists() and not keys.is_key_of(recovery_key, settings.ENQUIRY_RECOVERY_PUBLIC_KEY):
            lines.append("          recovery.key is a former one: manage.py rotate_keys seals everything to the new")
            lines.append("          keys, and says when this one is no longer needed")
        elif recovery_key.exists():
            lines.append("          recovery.key opens every enquiry should staff.key be lost:")
            lines.append("          before real enquiries come, run manage.py new_keys and keep the new one offline")
    lines.append("Stop      Ctrl-C")
    print("\n" + "\n".join(lines) + "\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
