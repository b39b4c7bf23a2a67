from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any

import pyrage
from django import db
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from admissions import drills, keys
from iop_site import age_keys

SIZE = 10


def at_least_one(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


class Command(BaseCommand):
    help = (
        "Try the recovery key that lies offline: open some of the newest enquiries and some older ones with it, and say"
        " how many open. Nothing of what is in them is shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=at_least_one, default=SIZE, help=f"how many to open ({SIZE})")
        parser.add_argument("--key-file", help="a file that holds the recovery key, instead of typing it")

    def handle(self, *args: Any, size: int, key_file: str | None, **options: Any) -> None:
        self.say_when_the_last_was()
        try:
            drill = drills.run(self.key(key_file), size)
        except (KeyboardInterrupt, EOFError):
            self.stderr.write("")
            raise CommandError("Stopped. Whether the key opens anything is not known.", returncode=130) from None
        except keys.KeyRefused as error:
            raise CommandError(str(error)) from error
        except db.Error as error:
            # The class alone: a database's message may quote what is stored.
            raise CommandError(f"The database fails ({type(error).__name__}): try again later.") from None
        except OSError as error:
            raise CommandError(f"They open, but the day cannot be noted in DATA_DIR: {error.strerror}.") from error
        if not drill.tried:
            raise CommandError("There is no enquiry to try it on yet: send one through the form first.")
        self.stdout.write(f"{drill.tried - len(drill.failed)} of {drill.tried} open.")
        if drill.failed:
            raise CommandError(
                f"The recovery key does not open {', '.join(drill.failed)}. Run rotate_keys if it was not run since"
                " new_keys, else make new keys with new_keys and then run it."
            )

    def say_when_the_last_was(self) -> None:
        if last := drills.last_at():
            days = (timezone.now() - last).days
            age = "today" if days == 0 else f"{days} days ago" if days > 1 else "yesterday"
            self.stdout.write(f"The last drill that succeeded here: {age}.")
        else:
            self.stdout.write("No drill has succeeded here yet.")

    def key(self, key_file: str | None) -> pyrage.x25519.Identity:
        key = keys.recovery_key(key_file)
        if age_keys.public_half(key) != settings.ENQUIRY_RECOVERY_PUBLIC_KEY:
            raise keys.KeyRefused("This is a key, but not the recovery key that enquiries are sealed to now.")
        return key
