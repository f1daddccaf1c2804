# SPDX-License-Identifier: Apache-2.0
"""The calls that are made. Each judges by what the telephones themselves heard, recognised."""

from __future__ import annotations

import asyncio
import re
import time

from tests.telephone.phone import Phone
from tests.telephone.sound import BYTES_A_SECOND, likeness, stretches
from tests.telephone.stage import EMERGENCY, PIN, Stage, says

THERE, NOT_THERE = 0.5, 0.25
"""How alike a sound and a part of a recording are where it was heard, and where it was not."""
BOOKING = (
    "can you call me back", "=callback", "07400 123456", "=no", "=any_time", "=any_day",
    "=cover_wrong_number", "=yes", "banana", "=skip", "=yes",
)  # fmt: skip


async def danger(stage: Stage) -> None:
    """A stalked caller says that he is here now."""
    caller, worker = await stage.open("caller", "worker")
    await caller.dial()
    welcome = await caller.listens()
    stage.must("the welcome says what to do in danger", says(welcome, "danger.{0,3} call"))
    await caller.say("My ex-partner has been following me home for weeks.")
    await caller.listens()
    await caller.say("He is here now.")
    spoke = time.monotonic()
    words = await caller.listens()
    stage.must("the caller hears the emergency words next", says(words[:120], EMERGENCY))
    after = await _silence_before(caller, spoke)
    stage.must(f"they begin within 10 seconds of the last word ({after:.1f} s)", after < 10)
    await worker.rings()
    stage.must("a worker's telephone rings", True)
    await caller.hang_up()
    await _nobody_rings(stage, worker)


async def keys(stage: Stage) -> None:
    """A caller who cannot speak uses keys alone."""
    caller, worker = await stage.open("caller", "worker")
    await caller.dial()
    welcome = await caller.listens()
    stage.must("the welcome says what to do if you cannot speak", says(welcome, "cannot speak"))
    await caller.press("5")
    words = await caller.listens()
    stage.must("key 5 is understood, with the emergency words", says(words, EMERGENCY))
    stage.must("it says that keys can be used", says(words, "use the key"))
    asked = len(stage.exchange.newest("inbound").asked)
    await caller.press("0")
    await worker.rings()
    stage.must("key 0 lets a worker's telephone ring", True)
    words = await caller.listens()
    stage.must("the caller is told", says(words, "reach a person"))
    stage.must("and not asked to talk", not says(words, "talk with me"))
    await caller.press("*")
    words = await caller.listens()
    stage.must("star comes back to the assistant", says(words, "back with you"))
    await caller.press("9")
    words = await caller.listens()
    stage.must('key 9 says "this is not 999"', says(words, f"not {EMERGENCY}"))
    later = stage.exchange.newest("inbound").asked[asked:]
    stage.must(
        "from key 5 on nothing listens for speech",
        later and all(a.get("input") == "dtmf" for a in later),
    )
    stage.must("the caller's telephone never sent a sound", not stretches(caller.speaks()))
    await caller.hang_up()
    await _nobody_rings(stage, worker)


async def transfer(stage: Stage) -> None:
    """A caller is handed to a worker, who is told of them first."""
    caller, worker = await stage.open("caller", "worker")
    await caller.dial()
    await caller.listens()
    await caller.say("He is outside my door with a knife.")
    words = await caller.listens(until=EMERGENCY)
    stage.must("the caller hears the emergency words first", says(words, EMERGENCY))
    await caller.press("0")
    await worker.rings()
    await worker.pick_up()
    gate = await worker.listens()
    stage.must("the worker hears the gate first", says(gate, "support line"))
    stage.must("and nothing of the caller before the PIN", not says(gate, "door|knife|danger"))
    before = len(await caller.heard())
    leg = stage.exchange.newest("outbound-api")
    gates = len(leg.told)
    await worker.press(f"1{PIN}#")
    brief = await worker.listens()
    stage.must("then the worker hears what they said", says(brief, "door|knife"))
    meanwhile = (await caller.heard())[before:]
    whispered = leg.told[gates]
    stage.must("the brief says that it is danger", says(whispered, "danger"))
    await worker.press("1")
    await asyncio.sleep(2)
    await worker.say("Hello. My name is Sam. I am a support worker.")
    words = await caller.listens()
    stage.must("the caller hears the worker", says(words, "support worker|my name is"))
    await caller.say("Thank you. I am hiding in the kitchen.")
    words = await worker.listens()
    stage.must("the worker hears the caller", says(words, "kitchen"))
    whisper = await stage.sound.speak(whispered)
    by_worker, by_caller = likeness(whisper, worker.hears()), likeness(whisper, caller.hears())
    stage.must(
        f"the sound of the brief is in the worker's recording ({by_worker:.2f})", by_worker > THERE
    )
    stage.must(f"and in no part of the caller's ({by_caller:.2f})", by_caller < NOT_THERE)
    everything = " ".join(h.words for h in await caller.heard())
    stage.must(
        "the caller never hears gate or brief",
        not says(
            everything, r"your p\.?i\.?n|press (1|one) (to join|and)|they said|someone is wait"
        ),
    )
    said = " ".join(h.words for h in meanwhile)
    stage.must(
        "while the brief is read they hear nothing of it", not says(said, "danger now|knife")
    )
    await worker.hang_up()
    words = await caller.listens()
    stage.must("the worker gone, the caller is told and is back with us", says(words, "lost|back"))
    await caller.hang_up()


async def hang_up(stage: Stage) -> None:
    """A caller hangs up while a worker is told of them."""
    caller, worker = await stage.open("caller", "worker")
    await caller.dial()
    await caller.listens()
    await caller.press("0")
    await caller.listens(until="press.{0,2} star")
    await worker.pick_up()
    await worker.listens()
    await worker.press(f"1{PIN}#")
    await asyncio.sleep(2)
    await caller.hang_up()
    # by itself a leg on which nobody presses a key ends much later
    await stage.comes_to("the worker's leg ends too", lambda: worker.state == "idle", within=5)
    await _nobody_rings(stage, worker)


async def callback(stage: Stage) -> None:
    """A worker rings somebody back who agreed to it in a chat."""
    worker, person = await stage.open("worker", "person")
    booked = await stage.service.chat(*BOOKING)
    stage.must("the call is booked", says(" ".join(m["text"] for m in booked), "yellow|reference"))
    await stage.service.ring_me()
    await worker.rings()
    await worker.pick_up()
    await worker.listens()
    await worker.press(f"1{PIN}#")
    first = await worker.listens()
    stage.must("the worker hears the person's word first", says(first, "banana"))
    stage.must("nobody rings before the worker says so", not person.saw("CALL_INCOMING"))
    await worker.press("1")
    await person.rings()
    stage.must(
        "the person's telephone is shown the service's own number",
        stage.exchange.rung[-1]["From"] == stage.exchange.number,
    )
    await person.pick_up()
    await asyncio.sleep(6)
    stage.must("picking up, they hear no sound at all", not stretches(person.hears()))
    await person.say("Hello? Who is this?")
    words = await worker.listens()
    stage.must("the worker hears them", says(words, "hello|who is this"))
    word = re.search(r"say first,? ([\w ]+)", first, re.IGNORECASE)
    said = f"{word.group(1) if word else 'Hello'}. Are you alone?"
    await worker.say(said)
    words = await person.listens()
    stage.must("they hear the worker", says(words, "alone"))
    await worker.hang_up()
    await stage.comes_to("the call ends with the worker", lambda: person.state == "idle")
    spoken, heard = await stage.sound.speak(said), stretches(person.hears())
    only = bool(heard) and heard[-1][1] - heard[0][0] < len(spoken) + BYTES_A_SECOND
    alike = likeness(spoken, person.hears())
    stage.must(
        f"they heard the worker's words ({alike:.2f}) and not one sound before or after",
        only and alike > THERE,
    )
    stage.must(
        "nothing was ever spoken by a machine", not stage.exchange.newest("outbound-api").told
    )


async def _nobody_rings(stage: Stage, worker: Phone) -> None:
    """See to it that with the caller gone nobody is rung for them, now and a while later."""
    await stage.comes_to("the worker's telephone falls silent", lambda: worker.state == "idle", 5)
    rung = len(stage.exchange.rung)
    await asyncio.sleep(6)
    stage.must("and nobody else is rung", len(stage.exchange.rung) == rung)


async def _silence_before(caller: Phone, spoke: float) -> float:
    """Return the seconds between a caller's last word and the first sound after it."""
    sound = caller.hears()
    at = max(0, int((spoke - caller.began) * BYTES_A_SECOND))
    after = [begins for begins, _ in stretches(sound[at // 2 * 2 :])]
    return after[0] / BYTES_A_SECOND if after else float("inf")


SCENARIOS = {f.__name__: f for f in (danger, keys, transfer, hang_up, callback)}
