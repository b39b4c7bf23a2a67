from __future__ import annotations

from typing import Any

from django import db
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from admissions import keys, sealing, spool
from admissions.resealing import Resealing
from iop_site import age_keys
from iop_site.launch.keys import is_key_of
from iop_site.progress import bar

MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Seal every enquiry and note to the present keys, after new_keys and a restart. What the current staff key"
        " opens is left as it is. It can be stopped with Ctrl-C, or killed, and started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recovery-key", action="store_true", help="ask for it: the former staff key is lost")
        parser.add_argument("--key-file", help="a file that holds the recovery key, instead of typing it")

    def handle(self, *args: Any, recovery_key: bool, key_file: str | None, **options: Any) -> None:
        try:
            resealing = self.prepared(keys.recovery_key(key_file) if recovery_key or key_file else None)
        except (KeyboardInterrupt, EOFError):
            self.stderr.write("")
            raise CommandError("Stopped. Nothing has changed.", returncode=130) from None
        except (keys.KeyRefused, sealing.SealingError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            "Restart every process of the site first, if you have not since new_keys: until then it cannot open what is"
            " sealed anew. Ctrl-C stops here, and nothing is lost."
        )
        try:
            resealing.run(bar)
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. {self.so_far(resealing)} Run rotate_keys again.", returncode=130) from None
        except db.Error as error:
            # The class alone: a database's message may quote what was to be stored.
            message = f"The database fails ({type(error).__name__}). {self.so_far(resealing)} Run rotate_keys again."
            raise CommandError(message) from None
        self.stdout.write(f"{resealing.done} sealed anew; {resealing.total} looked at.")
        if resealing.unopened:
            raise CommandError(self.who_stays_closed(sorted(resealing.unopened)))
        if waiting := len(spool.files()):
            self.stdout.write(
                f"In the spool of this machine {waiting} enquiries wait for the database, sealed to the keys of the"
                " day they came: keep the former keys, and run rotate_keys again when they are stored."
            )
        else:
            self.say_what_is_not_needed()

    def prepared(self, recovery_key: Any) -> Resealing:
        """Raises sealing.SealingError where the keys of this process do not go together."""
        staff, recipients = sealing.identities(sealing.staff_identity()), sealing.recipients()
        if age_keys.public_half(staff[0]) != recipients[0]:
            raise CommandError(
                "The first key in ENQUIRY_STAFF_KEY does not belong to ENQUIRY_STAFF_PUBLIC_KEY: set both to what"
                " new_keys made, or run new_keys again."
            )
        # A recovery public key that is none shows here, and not at the first row.
        sealing.seal(b"", recipients)
        return Resealing(keys=staff + ([recovery_key] if recovery_key else []), recipients=recipients)

    def so_far(self, resealing: Resealing) -> str:
        return f"{resealing.done} were sealed anew, {resealing.left} are left to look at."

    def who_stays_closed(self, references: list[str]) -> str:
        named = ", ".join(references[:MOST_NAMED])
        more = f" and {len(references) - MOST_NAMED} more" if len(references) > MOST_NAMED else ""
        return (
            f"No key here opens these enquiries, or a note to them, so they stay as they are: {named}{more}. Add their"
            " own key to ENQUIRY_STAFF_KEY as a last line, or use --recovery-key, and run rotate_keys again."
        )

    def say_what_is_not_needed(self) -> None:
        needless, path = [], keys.default_folder() / "recovery.key"
        if len(sealing.identities(sealing.staff_identity())) > 1:
            needless.append("all lines but the first of staff.key")
        if path.exists() and not is_key_of(path, settings.ENQUIRY_RECOVERY_PUBLIC_KEY):
            needless.append(str(path))
        if needless:
            self.stdout.write(
                "No longer needed, once every process was restarted since new_keys and another run seals 0 anew:"
                f" {'; '.join(needless)}. Backups from before open with the former keys alone."
            )
