# SPDX-License-Identifier: Apache-2.0
"""`fingerpost drill`: asks for a person as anybody would, and times how staff are called.

The person's side goes through the running service; that it is a drill is said in its database,
which no client can write to.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.policy.urgency import SAID_AS
from bot.service.drills import Drills, Progress
from bot.settings import Settings
from bot.store.pages import FAILED, SENT
from bot.wiring import drills

ASKS = "can i speak to a person please"
DANGER = "he is outside my door with a knife"
LOOK_EVERY = 0.2
PAGED_WITHIN = 60.0


class NotDone(Exception):
    """Why the drill could not be done, in one line."""


async def run(settings: Settings, *, danger: bool, within: float) -> int:
    """Do one drill; 0 when somebody was paged and had it within so many seconds, else 1.

    With `within` 0 nobody has to have it: only that pages go is proved.
    """
    found = drills(settings)
    try:
        return await _drill(settings, found, DANGER if danger else ASKS, within)
    except NotDone as problem:
        write(str(problem))
        return 1
    finally:
        await found.store.close()
        await found.keys.database.close()


async def _drill(settings: Settings, found: Drills, text: str, within: float) -> int:
    base = f"http://127.0.0.1:{settings.port}/api/conversations"
    async with ClientSession(timeout=ClientTimeout(total=10)) as session:
        opened = await _post(session, base, {})
        story = opened["id"]
        try:
            if not await found.mark(story):
                raise NotDone("That service keeps its data elsewhere. Give it the same settings.")
            began = time.time()
            token = {"Authorization": f"Bearer {opened['token']}"}
            answer = await _post(session, f"{base}/{story}/messages", {"text": text}, token)
            if not any(m["from"] != "person" for m in answer["messages"]):
                raise NotDone("The service answered with silence.")
            write(f"A drill asked for a person and was answered after {time.time() - began:.1f} s.")
            return await _watch(found, story, began, within)
        finally:
            await found.clear(story)
            write("Nothing of the drill is kept, and it was not counted.")


async def _watch(found: Drills, story: str, began: float, within: float) -> int:
    known = await _until(found, story, PAGED_WITHIN, _all_paged)
    if known.queued_at is None:
        raise NotDone("It never came into the queue.")
    for page in known.sent:
        who = f"{page.means}{f' to {page.person}' if page.person else ''}"
        went = page.state == SENT and page.at is not None
        write(f"  {who}: {f'{page.at - began:.1f} s' if went else f'{page.state} {page.error}'}")
    paged = any(page.state == SENT for page in known.sent)
    if not paged or not within:
        return 0 if paged else 1
    write(f"Waiting up to {within:.0f} s for staff. Tier: {SAID_AS[known.tier]}.")
    known = await _until(found, story, within, lambda p: p.seen_at is not None)
    if known.seen_at is None:
        write("Nobody said that they have it.")
        return 1
    write(f"Somebody had it after {known.seen_at - began:.1f} s.")
    return 0


def _all_paged(known: Progress) -> bool:
    return bool(known.sent) and all(page.state in (SENT, FAILED) for page in known.sent)


async def _until(found: Drills, story: str, within: float, true: Any) -> Progress:
    ends = time.monotonic() + within
    while True:
        known = await found.progress(story)
        if true(known) or time.monotonic() >= ends:
            return known
        await asyncio.sleep(LOOK_EVERY)


async def _post(
    session: ClientSession, url: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    try:
        async with session.post(url, json=body, headers=headers) as answer:
            if answer.status not in (200, 201):
                raise NotDone(f"The service refused the drill ({answer.status}).")
            return await answer.json()
    except (ClientError, TimeoutError, OSError):
        raise NotDone("The service does not answer. Is it up, at FINGERPOST_PORT?") from None


def write(line: str) -> None:
    """Tell whoever runs the drill how it goes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
