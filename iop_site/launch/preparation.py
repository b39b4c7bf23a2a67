"""What must be so before the site serves: the database, static files, sample pages, a staff account.

Each step looks first and does nothing when there is nothing to do, so that a second start is quick and changes nothing.
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from iop_site import checks, prepared
from iop_site import environment as env
from iop_site.launch.folders import CannotStart

PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 -- without letters that look like others
PASSWORD_GROUPS = 4
STAFF_NAME = "admin"
PASSWORD_GROUP_LENGTH = 5


def say(text: str) -> None:
    print(text, flush=True)


def prepare() -> None:
    """Every step; while a database is away that was prepared before, only what needs none. Raises CannotStart."""
    refuse_unsafe_production()
    given_password = safe_password()
    if not answers():
        collect_static_files()
        return
    try:
        migrate()
        collect_static_files()
        if settings.HAS_STAFF and not settings.IS_PRODUCTION:
            load_sample_program()
            make_staff_account(given_password)
        if settings.HAS_STAFF:
            fill_search_index()
        prepared.note(settings.DATA_DIR, settings.DATABASES["default"])
    except DatabaseError as error:
        raise CannotStart(f"the database refused: {first_line(error)}.") from error
    finally:
        connection.close()


def first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def refuse_unsafe_production() -> None:
    if not settings.IS_PRODUCTION:
        if not (settings.ENQUIRY_STAFF_PUBLIC_KEY and settings.ENQUIRY_RECOVERY_PUBLIC_KEY):
            raise CannotStart(
                "the public keys that enquiries are sealed to are missing: start once with SURFACE=all or"
                f" SURFACE=staff, or put staff.pub and recovery.pub into {settings.DATA_DIR / 'keys'}."
            )
        return
    refusals = checks.refusals()
    for refusal in refusals:
        say(f"{refusal.id}: {refusal.msg} {refusal.hint}")
    if refusals:
        raise CannotStart("SITE_MODE=production refuses the unsafe settings named above.")


def answers() -> bool:
    """Whether the database does. Raises CannotStart where it does not and never did."""
    try:
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured) as error:
        if isinstance(error, ImproperlyConfigured) or not was_prepared():
            raise CannotStart(
                f"the database does not answer ({first_line(error)}): start it, or correct DATABASE_URL."
            ) from error
        say(
            f"The database does not answer ({first_line(error)}). Starting without it: pages are as they were last, and"
        )
        say("enquiries are kept in the spool until it is back. After an update, start once more then, to prepare it.")
        say(f"For a new, empty database instead, remove {settings.DATA_DIR / prepared.FILE} and start again.")
        return False
    return True


def was_prepared() -> bool:
    return prepared.is_noted(settings.DATA_DIR, settings.DATABASES["default"])


def migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    if not executor.loader.applied_migrations and was_prepared():
        raise CannotStart(
            "the database is empty, and it was not before: put the right one in its place, or, for a new one, remove"
            f" {settings.DATA_DIR / prepared.FILE}."
        )
    if not settings.HAS_STAFF:
        raise CannotStart(
            "the database is not prepared, and SURFACE=public does not do it: start with SURFACE=all or SURFACE=staff"
            " first."
        )
    say(f"Preparing the database ({len(plan)} steps)")
    call_command("migrate", interactive=False, verbosity=0)


def static_sources() -> str:
    """A digest of everything that the collected static files are made from."""
    # The apps' own would be looked for here as well, if any had some; packages' change with their versions.
    files = [settings.BASE_DIR / "requirements.txt", settings.BASE_DIR / "iop_site" / "storage.py"]
    files += sorted(path for folder in checks.static_folders() for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def collect_static_files() -> None:
    sources = static_sources()
    stamp = settings.STATIC_ROOT / "collected-from.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == sources:
        return
    say("Collecting static files")
    try:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(sources, encoding="utf-8")
    except (OSError, ValueError, CommandError) as error:
        raise CannotStart(f"static files cannot be collected: {first_line(error)}.") from error


def load_sample_program() -> None:
    from content.models import Page

    if Page.objects.exists():
        return
    say("Loading the sample program")
    try:
        call_command("load_sample_program", verbosity=0)
    except CommandError as error:
        raise CannotStart(f"the sample program cannot be loaded: {first_line(error)}.") from error


def fill_search_index() -> None:
    """For pages that were published by a release which had no search, or another one."""
    from content.searching import index
    from iop_site.progress import bar

    if index.rebuild(bar=bar):
        say("Made the search index")


def safe_password() -> str:
    """STAFF_PASSWORD, '' when it is not given."""
    from django.contrib.auth.models import User
    from django.contrib.auth.password_validation import validate_password

    given = env.secret("STAFF_PASSWORD")
    try:
        if given:
            validate_password(given, User(username=STAFF_NAME))
    except ValidationError as error:
        raise CannotStart(f"STAFF_PASSWORD is not safe enough. {' '.join(error.messages)}") from error
    return given


def make_staff_account(given: str) -> None:
    """Make the first account while there is none at all, with the password `given`, else one that is printed."""
    from django.contrib.auth.models import User

    if User.objects.exists():
        return
    password = given or "-".join(
        "".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(PASSWORD_GROUP_LENGTH)) for _ in range(PASSWORD_GROUPS)
    )
    User.objects.create_superuser(STAFF_NAME, password=password)
    shown = "the password in STAFF_PASSWORD" if given else f"password {password} (shown this once)"
    say(f"Made the staff account {STAFF_NAME} with {shown}")
