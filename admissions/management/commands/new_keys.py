from __future__ import annotations

from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from admissions import keys, sealing
from iop_site import age_keys
from iop_site.environment import text
from iop_site.health import is_recipient
from iop_site.launch.folders import CannotStart

CLEAR_SCREEN = "\x1b[H\x1b[2J\x1b[3J"
SETTINGS = ("ENQUIRY_STAFF_KEY", "ENQUIRY_STAFF_PUBLIC_KEY", "ENQUIRY_RECOVERY_PUBLIC_KEY")


class Command(BaseCommand):
    help = (
        "Make new keys for enquiries: a staff key, and a recovery key that is shown once and kept offline. The staff"
        " key in use is kept behind the new one, so that nothing becomes unreadable; rotate_keys must follow."
    )
    # In production it is what makes a site complete that is not yet.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dir", dest="folder", type=Path, help="where to write them; DATA_DIR/keys if it is not named"
        )
        parser.add_argument("--staff-only", action="store_true", help="keep the recovery key that is in use")

    def handle(self, *args: Any, folder: Path | None, staff_only: bool, **options: Any) -> None:
        folder = (folder or keys.default_folder()).expanduser().absolute()
        if not settings.HAS_STAFF:
            raise CommandError("No private key may lie where SURFACE=public: run new_keys on the staff surface.")
        try:
            # Before anybody copies a key by hand for nothing.
            keys.check_writable(folder)
            keys.former_keys(folder)
            recovery_public = self.recovery_in_use() if staff_only else self.new_recovery_key()
        except (KeyboardInterrupt, EOFError):
            self.stderr.write("")
            raise CommandError("Stopped. Nothing was made and nothing has changed.", returncode=130) from None
        except (keys.KeyRefused, CannotStart, sealing.StaffKeyMissing) as error:
            raise CommandError(str(error)) from error
        try:
            self.say_what_follows(keys.make(folder, recovery_public))
        except (KeyboardInterrupt, OSError) as error:
            reason = getattr(error, "strerror", None) or "stopped"
            message = (
                f"The keys were not all written to {folder} ({reason}). Nothing has become unreadable: begin again."
            )
            raise CommandError(message) from error

    def recovery_in_use(self) -> str:
        if not is_recipient(settings.ENQUIRY_RECOVERY_PUBLIC_KEY):
            raise CommandError("There is no recovery key to keep: leave --staff-only out, and one is made.")
        return settings.ENQUIRY_RECOVERY_PUBLIC_KEY

    def new_recovery_key(self) -> str:
        """The public half of one that somebody has copied, as they prove by typing it; no other half is kept."""
        if not keys.is_terminal():
            raise CommandError("The recovery key is shown on a terminal and typed back: run new_keys in one.")
        identity = pyrage.x25519.Identity.generate()
        in_blocks = (self.stdout.encoding or "").lower().startswith("utf")
        self.stdout.write(
            "This is the recovery key. It opens every enquiry should the staff key be lost. It is shown this once.\n"
            "Write it down, or take the QR code with a camera that is not online. Keep it offline, in two places.\n"
        )
        self.stdout.write(keys.shown(str(identity), in_blocks=in_blocks))
        input("\nPress Enter when you have it: the screen is cleared. Ctrl-C gives up, and nothing is changed. ")
        self.stdout.write(CLEAR_SCREEN, ending="")
        self.stdout.write("Now type the key from your copy. Spaces and small letters do not matter.")
        while problem := keys.difference(input(f"{keys.PREFIX} "), str(identity)):
            self.stdout.write(f"{problem} Try again; if your copy is wrong, press Ctrl-C and start anew.")
        self.stdout.write(CLEAR_SCREEN, ending="")
        return age_keys.public_half(identity)

    def say_what_follows(self, made: keys.Made) -> None:
        self.stdout.write(f"Made in {made.folder}: staff.key, staff.pub, recovery.pub.")
        if made.is_former_missing:
            self.stdout.write(
                "\nThe staff key that was in use is not here. If you have it, add it to staff.key as a last line;"
                " if it is lost, `rotate_keys --recovery-key` opens what it opened."
            )
        if made.folder != keys.default_folder() or any(text(name) or text(f"{name}_FILE") for name in SETTINGS):
            self.stdout.write(
                "\nSet on the staff surface, and restart it first:"
                f"\nENQUIRY_STAFF_KEY_FILE={made.folder / 'staff.key'}"
                "\n\nThen set on every surface, and restart each:"
                f"\nENQUIRY_STAFF_PUBLIC_KEY={made.staff_public}"
                f"\nENQUIRY_RECOVERY_PUBLIC_KEY={made.recovery_public}"
            )
        else:
            self.stdout.write("Restart the site: until then it seals to the former keys and cannot open what is newer.")
        if made.former or made.is_former_missing:
            self.stdout.write("\nThen run rotate_keys, which seals everything to the new keys.")
