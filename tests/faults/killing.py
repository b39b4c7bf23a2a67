"""In a process of the site: at each point it looks whether it is to die there, and dies by SIGKILL.

A file in FAULTS_DIR/armed is one death: whoever comes to its point and can remove it writes that down and is gone. So
processes that start again need not be told anything, and of two that come at once one dies.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.faults.points import POINTS, Point, Where, slug_of

FOLDER, PROCESS = "FAULTS_DIR", "FAULTS_PROCESS"
_dying = threading.Lock()
ARMED, KILLED, PASSED = "armed", "killed", "passed"


def install() -> None:
    """Wrap every function that a point names, where this process was started to be killed."""
    if FOLDER not in os.environ:
        return
    from admissions import abuse, draining, spool

    # Nobody here needs four seconds to write, nor five to look into the spool again.
    abuse.FASTEST = timedelta(0)
    draining.LOOK_EVERY_SECONDS = 0.3
    # Its own, so that what others sync and link is not meant.
    spool.os = SimpleNamespace(**vars(os))
    folder, is_web = Path(os.environ[FOLDER]), os.environ[PROCESS] == "web"
    targets: dict[str, list[Point]] = {}
    for point in POINTS:
        # gunicorn's classes are there in its own processes alone.
        if is_web or not point.target.startswith("iop_site.buffered_worker"):
            targets.setdefault(point.target, []).append(point)
    for target, points in targets.items():
        wrap(target, points, functools.partial(pass_by, folder, is_web))


def wrap(target: str, points: list[Point], passing: Callable[[Point, tuple[Any, ...]], None]) -> None:
    module, _colon, path = target.partition(":")
    owner, names = importlib.import_module(module), path.split(".")
    for name in names[:-1]:
        owner = getattr(owner, name)
    function = getattr(owner, names[-1])

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        for point in points:
            if point.moment == "before":
                passing(point, args)
        result = function(*args, **kwargs)
        for point in points:
            if point.moment == "after":
                passing(point, args)
        return result

    setattr(owner, names[-1], wrapped)


def pass_by(folder: Path, is_web: bool, point: Point, args: tuple[Any, ...]) -> None:
    """Goes on, or never comes back."""
    if not is_here(point, is_web) or (point.begins and not bytes(args[-1]).startswith(point.begins)):
        return
    (folder / PASSED / slug_of(point)).touch()
    for path in sorted((folder / ARMED).glob(f"{slug_of(point)}.*")):
        # Another thread that dies at the same moment would make two deaths of one.
        with contextlib.suppress(FileNotFoundError), _dying:
            path.unlink()
            with (folder / KILLED).open("a") as file:
                file.write(f"{slug_of(point)}\n")
            os.kill(os.getpid(), signal.SIGKILL)


def is_here(point: Point, is_web: bool) -> bool:
    if threading.current_thread().name == "draining":
        return point.where is Where.DRAIN
    return point.where in ((Where.WEB, Where.SPOOL) if is_web else (Where.WORK,))
