# SPDX-License-Identifier: Apache-2.0
"""A process is killed with -9 when a service's server has the note and before that is kept."""

from __future__ import annotations

import asyncio
import os
import sys
import time
import uuid

import pytest

from bot.policy.turn import Line
from bot.settings import load
from bot.store import referrals
from bot.store.migrate import migrate
from bot.wiring import wire
from tests.faults.test_processes import ROOT
from tests.unit.test_pagers import MailServer

pytestmark = pytest.mark.timeout(300)
WORKS = """
import asyncio
from bot.settings import load
from bot.wiring import wire

async def main():
    service = wire(load())
    while True:
        if not await service.work.one():
            await asyncio.sleep(0.1)

asyncio.run(main())
"""


class Slow(MailServer):
    """Keeps the mail and says so only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.has_it, self.let = asyncio.Event(), asyncio.Event()

    async def _talk(self, reader, writer) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            command = line.split()[0].upper()
            writer.write(b"354 go on\r\n" if command == "DATA" else b"250 ok\r\n")
            if command == "DATA":
                mail = []
                while (text := (await reader.readline()).decode()) not in (".\r\n", ""):
                    mail.append(text)
                self.mails.append("".join(mail))
                self.has_it.set()
                await self.let.wait()
                writer.write(b"250 kept\r\n")
        writer.close()


async def test_a_note_whose_sender_was_killed_is_not_sent_twice(tmp_path):
    routes = tmp_path / "routes.yml"
    routes.write_text(
        "services:\n  victim_support:\n    by: email\n    to: in@service.example\n"
        "    certainty: high\n    confirmed: 2026-11-20\n"
    )
    async with Slow() as server:
        environ = {
            "FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
            "FINGERPOST_ROUTES": str(routes), "FINGERPOST_SMTP_URL": server.url,
            "FINGERPOST_MAIL_FROM": "line@example.org",
            "FINGERPOST_PUBLIC_URL": "https://line.example.org",
        }  # fmt: skip
        settings = load(environ)
        await migrate(settings)
        late = 0.0
        service = wire(settings, clock=lambda: time.time() + late)
        story = str(uuid.uuid4())
        await service.referrals.consent(
            conversation_id=story, turn_id=str(uuid.uuid4()), service_id="victim_support",
            lines=[Line("topic", "What it is about", "a burglary")], medium="chat",
        )  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKS, cwd=ROOT,
            env=os.environ | environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        try:
            await asyncio.wait_for(server.has_it.wait(), 120)
        finally:
            process.kill()
            await process.wait()
        server.let.set()
        for late in (0.0, 60.0, 7200.0):  # noqa: B007 - the clock reads it
            while await service.work.one():
                pass
        async with service.store.read() as tx:
            (row,) = await referrals.of_story(tx, story)
        assert len(server.mails) == 1 and "burglary" not in server.mails[0]
        assert (row.consent, row.state) == ("sent", "unsure")
        assert [one.to_do for one in await service.referrals.to_act_on("a-worker")] == ["unsure"]
        await service.close()
