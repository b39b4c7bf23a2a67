"""Nothing outlives who started it. Standard library alone."""

from __future__ import annotations

import contextlib
import ctypes
import signal

PR_SET_PDEATHSIG = 1


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """On Linux, this process gets the signal `number` when its parent is gone, however it went.

    For `preexec_fn`: it holds through the start of another program.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
