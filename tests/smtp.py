"""A mail server that can be told to fail, in a thread of the test.

    with MailServer() as server:
        server.fails = {"RCPT": "450 Greylisted, come back later"}

`fails` maps a step to what happens there: an answer such as "550 No such user", HANG or DROP. Steps: "connect", "RCPT"
(also "RCPT someone@example.org", for one recipient), "DATA" (an answer after the whole text; DROP in the middle of it).
"""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.postgres import free_port

HANG, DROP = "hang", "drop"
HOST = "127.0.0.1"


class MailServer(Controller):
    """`received`: what it took, in order; `connections`: how often somebody came; `settings`: Django's, to reach it."""

    def __init__(self) -> None:
        super().__init__(self, hostname=HOST, port=free_port())
        self.fails: dict[str, str] = {}
        self.received: list[EmailMessage] = []
        self.connections = 0

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": HOST,
            "EMAIL_PORT": self.port,
            "EMAIL_USE_TLS": False,
        }

    def __enter__(self) -> MailServer:
        self.start()
        # The controller comes itself, to see that it has started.
        self.connections = 0
        return self

    def __exit__(self, *error: object) -> None:
        self.stop(no_assert=True)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nothing listens: connections are refused."""
        self.stop()
        try:
            yield
        finally:
            # A loop cannot be started twice.
            self.loop = asyncio.new_event_loop()
            connections = self.connections
            self.start()
            self.connections = connections

    # --- What aiosmtpd calls ----------------------------------------------------------------------------------------

    def factory(self) -> asyncio.Protocol:
        self.connections += 1
        if how := self.fails.get("connect"):
            return _Refusal(how)
        return _Conversation(self, self)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        how = self.fails.get(f"RCPT {address}") or self.fails.get("RCPT")
        if how:
            return await _answer(_server, how)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if how := self.fails.get("DATA"):
            return await _answer(server, how)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        if how := self.fails.get(f"DATA {message['Subject']}"):
            return await _answer(server, how)
        self.received.append(message)
        return "250 Taken"


class _Refusal(asyncio.Protocol):
    def __init__(self, how: str) -> None:
        self.how = how

    def connection_made(self, transport: Any) -> None:
        if self.how == HANG:
            return
        if self.how != DROP:
            transport.write(f"{self.how}\r\n".encode())
        transport.close()


class _Conversation(SMTP):
    def __init__(self, server: MailServer, handler: Any) -> None:
        super().__init__(handler, loop=server.loop)
        self.fails = server.fails

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.fails.get("DATA") == DROP:
            await self.push("354 Go on")
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


async def _answer(server: Any, how: str) -> str:
    if how == HANG:
        await asyncio.sleep(3600)
    if how == DROP:
        server.transport.abort()
    return how
