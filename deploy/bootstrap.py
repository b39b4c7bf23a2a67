"""Makes .venv with what a command needs, then runs that command there: python3 deploy/bootstrap.py run, or another.

Standard library alone, and readable by any Python 3.6 or newer, so that a wrong Python is told so in words.
"""

import hashlib
import os
import subprocess
import sys

OLDEST_PYTHON = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
# command: (what it needs, the module that does it)
COMMANDS = {
    "run": ("requirements.txt", "iop_site.launch"),
    "test": ("requirements-dev.txt", "tests.run"),
    "audit": ("requirements-dev.txt", "audit"),
    "bench": ("requirements-dev.txt", "bench"),
    "faults": ("requirements-dev.txt", "tests.faults"),
}
OFFLINE_SIGNS = (
    "NewConnectionError",
    "Max retries exceeded",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "Connection refused",
    "Could not find a version",
    "No matching distribution",
    "Read timed out",
)


def refuse(sentence):
    sys.exit("Cannot start: " + sentence)


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        refuse("say what to do: " + " or ".join(sorted(COMMANDS)) + ".")
    if sys.version_info < OLDEST_PYTHON:
        refuse(
            "this is Python {}.{}, and the site needs Python {}.{} or newer: install it, or name one you have, as in"
            " `make {} PYTHON=/path/to/python3.11`.".format(*sys.version_info[:2], *OLDEST_PYTHON, sys.argv[1])
        )
    requirements, module = COMMANDS[sys.argv[1]]
    prepare(requirements, needs_data=sys.argv[1] == "run")
    os.chdir(ROOT)
    os.execv(VENV_PYTHON, [VENV_PYTHON, "-m", module])  # noqa: S606 -- no shell is wanted


def prepare(requirements, needs_data):
    sys.path.insert(0, ROOT)
    from pathlib import Path

    from iop_site.launch.folders import CannotStart, make_writable, only_one

    try:
        if needs_data:
            folder = os.environ.get("DATA_DIR", "").strip() or os.path.join(ROOT, "var")
            make_writable(Path(folder).expanduser().resolve(), "set DATA_DIR to another folder")
        if is_installed(requirements):
            return
        make_writable(Path(ROOT), "copy the project to a folder that is yours")
        with only_one(Path(ROOT), while_waiting="Waiting: another command is installing in this folder."):
            if not is_installed(requirements):
                make_venv()
                install(requirements)
    except CannotStart as error:
        refuse(str(error))


def stamp_path(requirements):
    return os.path.join(VENV, requirements + ".installed")


def stamp_of(requirements):
    """What an environment was made from: this Python's version and the text of every requirements file."""
    digest = hashlib.sha256("{}.{}".format(*sys.version_info[:2]).encode())
    for name in ("requirements.txt", requirements):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def is_installed(requirements):
    if not os.path.exists(VENV_PYTHON):
        return False
    try:
        with open(stamp_path(requirements)) as file:
            return file.read() == stamp_of(requirements)
    except OSError:
        return False


def make_venv():
    version = "{}.{}".format(*sys.version_info[:2])
    # Made by another Python, or only half made, it is made anew.
    pip = os.path.join(VENV, "lib", "python" + version, "site-packages", "pip")
    if os.path.exists(VENV_PYTHON) and os.path.isdir(pip):
        return
    try:
        import ensurepip  # noqa: F401 -- Debian leaves it out until python3-venv is installed
        import venv
    except ImportError:
        refuse("this Python has no venv module: install it, on Debian with `sudo apt install python3-venv`.")
    print("Making .venv with Python {}".format(version), flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        refuse("the folder .venv could not be made ({}).".format(error))


def install(requirements):
    print("Installing {} (a minute, the first time)".format(requirements), flush=True)
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    environment.setdefault("PIP_RETRIES", "2")
    pip = subprocess.run(
        [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--requirement", os.path.join(ROOT, requirements)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        check=False,
    )
    if pip.returncode:
        lines = [line.strip() for line in pip.stdout.splitlines() if line.strip()]
        errors = [line for line in lines if line.upper().startswith("ERROR")] or lines or ["nothing"]
        if any(sign in pip.stdout for sign in OFFLINE_SIGNS):
            refuse(
                "the packages of {} cannot be fetched; is this machine connected to the internet, or PIP_INDEX_URL set"
                " to a package index that it reaches? (pip said: {})".format(requirements, errors[0])
            )
        refuse("the packages of {} cannot be installed; pip said: {}".format(requirements, errors[0]))
    with open(stamp_path(requirements), "w") as file:
        file.write(stamp_of(requirements))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
