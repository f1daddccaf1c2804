# SPDX-License-Identifier: Apache-2.0
"""The telephone's addresses. Every post must bear Twilio's signature; nothing ends in silence."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from bot.policy.turn import Medium
from bot.service.ports import ConversationError
from bot.store.conversations import Contact
from telephony.answering import Answering
from telephony.answers import Answers
from telephony.asking import Ask
from telephony.call import Call, is_over
from telephony.caller import Caller
from telephony.finding import Finding
from telephony.line import ROOT, Fingerpost, Line
from telephony.relay import Relay
from telephony.signature import Form, signed_form
from telephony.sms import add_text_line
from telephony.tokens import BackLeg, BadToken, Kind, Leg, Place
from telephony.waiting import LOOK_EVERY, Waiting
from telephony.worker import Worker

Step = Callable[[Call, Place], Awaitable[str]]


def add_routes(app: web.Application, fingerpost: Fingerpost) -> None:
    """Add the telephone to the edge."""
    telephone = Telephone(Line(fingerpost))
    app.router.add_post(f"{ROOT}/voice", telephone.voice)
    app.router.add_post(f"{ROOT}/status", telephone.status)
    app.router.add_get(f"{ROOT}/relay", telephone.relay.socket)
    for kind in ("turn", "wait", "back", "done"):
        app.router.add_post(f"{ROOT}/{kind}/{{word}}", telephone.go_on)
    app.router.add_post(f"{ROOT}/worker/{{word}}", telephone.worker)
    app.router.add_post(f"{ROOT}/leg/{{word}}", telephone.leg_over)
    app.router.add_post(f"{ROOT}/interpreter/{{word}}", telephone.interpreter)
    app.router.add_post(f"{ROOT}/callback/{{word}}", telephone.callback)
    for kind in ("worker", "person", "machine"):
        app.router.add_post(f"{ROOT}/callback-{kind}/{{word}}", telephone.callback_news)
    add_text_line(app, telephone.line, telephone.answers)
    fingerpost.calling_back.ringer = telephone.line.calls_back
    fingerpost.interpreter.line = telephone.line.interpreters

    async def close(app: web.Application) -> None:
        await telephone.close()

    app.on_shutdown.append(close)


class Telephone:
    """Checks each post, finds its call, and lets it be answered once."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.answers = Answers(line.store, line.keys, line.clock)
        answering = Answering(line)
        self.caller, self.waiting = Caller(line, answering), Waiting(line, answering)
        self.legs, self.relay = Worker(line), Relay(line, self.answers, self.caller)
        self.steps: dict[str, Step] = {
            "turn": self.caller.turn, "wait": self.waiting.wait, "back": self.waiting.back,
            "done": self.relay.done,
        }  # fmt: skip
        # Made now, so that it can still be said when nothing else works.
        self.trouble = line.speech.text("fallback")

    async def voice(self, request: web.Request) -> web.Response:
        """Answer a call that comes in."""
        form, sid = await self._signed(request)
        found = self.line.tokens.call_hash(sid)
        if is_over(form):
            return await self._over(sid, found, form, request)

        caller = Finding(self.line, found)

        async def make() -> str:
            contact = await caller.contact()
            if contact is None:
                return await self._afresh(sid, found, form, request)
            return await self._begin(self._call(sid, found, contact, form, request))

        fallback = self._fallback("turn", found, Place())
        return await self._answer(found, request, make, fallback, caller.story)

    async def go_on(self, request: web.Request) -> web.Response:
        """Answer a call that goes on at one of the addresses we gave."""
        form, sid = await self._signed(request)
        found, kind = self.line.tokens.call_hash(sid), request.path.split("/")[-2]
        if is_over(form):
            return await self._over(sid, found, form, request)
        word, caller = request.match_info["word"], Finding(self.line, found)

        async def make() -> str:
            contact = await caller.contact()
            if contact is None:
                return await self._afresh(sid, found, form, request)
            place = await self._place(kind, found, word, contact)
            call = self._call(sid, found, contact, form, request)
            if kind == "back":
                await self.relay.left(call)
            return await self.steps[kind](call, place)

        try:
            place = self.line.tokens.open(kind, found, word, Place)
        except BadToken:
            place = Place()
        fallback = self._fallback(kind, found, place)
        return await self._answer(found, request, make, fallback, caller.story)

    async def worker(self, request: web.Request) -> web.Response:
        """Answer a worker's leg."""
        form, sid = await self._signed(request)
        leg = self._leg(request, "worker", Leg)
        return await self._of_leg(
            sid, request, leg.conversation_id, lambda: self.legs.step(leg, sid, form)
        )

    async def leg_over(self, request: web.Request) -> web.Response:
        """Take in that a worker's leg ended."""
        form, _ = await self._signed(request)
        if is_over(form):
            await self.line.transfers.leg_over(self._leg(request, "worker", Leg))
        return web.Response(status=204)

    async def interpreter(self, request: web.Request) -> web.Response:
        """Answer the leg of an interpreter."""
        form, sid = await self._signed(request)
        leg = self._leg(request, "interpreter", Leg)
        return await self._of_leg(
            sid, request, leg.conversation_id, lambda: self.line.interpreters.step(leg, form)
        )

    async def callback(self, request: web.Request) -> web.Response:
        """Answer the leg of a worker who rings somebody back."""
        form, sid = await self._signed(request)
        leg = self._leg(request, "callback", BackLeg)
        return await self._of_leg(
            sid, request, leg.record_id, lambda: self.line.calls_back.step(leg, sid, form)
        )

    async def callback_news(self, request: web.Request) -> web.Response:
        """Take in that a leg of a call back ended, or that a machine picked up."""
        form, _ = await self._signed(request)
        leg, kind = self._leg(request, "callback", BackLeg), request.path.split("/")[-2]
        if kind == "callback-machine":
            await self.line.calls_back.machine(leg, form)
        elif kind == "callback-person":
            await self.line.calls_back.person_over(leg, form)
        elif is_over(form):
            await self.line.calls_back.worker_over(leg)
        return web.Response(status=204)

    async def status(self, request: web.Request) -> web.Response:
        """Take in how a call goes; only its end matters, in whatever order the news comes."""
        form, sid = await self._signed(request)
        if not is_over(form):
            return web.Response(status=204)
        return await self._over(sid, self.line.tokens.call_hash(sid), form, request)

    async def close(self) -> None:
        """Let what is under way end."""
        await self.relay.close()
        await self.answers.close()
        await self.line.transfers.close()
        await self.line.calls_back.close()

    # -- parts -------------------------------------------------------------------------------

    async def _signed(self, request: web.Request) -> tuple[Form, str]:
        form = await signed_form(request, self.line.settings)
        sid = form.get("CallSid", "") if form is not None else ""
        if form is None or not sid:
            raise web.HTTPForbidden
        return form, sid

    async def _of_leg(
        self, sid: str, request: web.Request, subject: str, make: Callable[[], Awaitable[str]]
    ) -> web.Response:
        """Answer a leg of ours; its own word says by whose key the answer is sealed."""

        async def story() -> str:
            return subject

        fallback = self.line.twiml.end([self.line.speech.text("phone_staff_no")])
        found = self.line.tokens.call_hash(sid)
        return await self._answer(found, request, make, fallback, story)

    async def _answer(
        self, found: str, request: web.Request, make: Callable[[], Awaitable[str]], fallback: str,
        story: Callable[[], Awaitable[str | None]],
    ) -> web.Response:  # fmt: skip
        address = hashlib.sha256(request.rel_url.raw_path_qs.encode()).hexdigest()
        text = await self.answers.once(found, address, story, make, fallback)
        return web.Response(text=text, content_type="text/xml")

    async def _afresh(self, sid: str, found: str, form: Form, request: web.Request) -> str:
        """Start a call that is not kept yet; one whose story was closed or moved has ended.

        Danger in what its caller said gets the emergency words all the same.
        """
        try:
            contact = await self.line.conversations.open_call(found)
        except ConversationError as refused:
            if refused.code != "ended":
                raise
            speech = form.get("SpeechResult", "")
            last = self.line.conversations.turns.unkept("ended", Medium.VOICE, speech)
            return self.line.twiml.end([message.text for message in last.messages])
        return await self._begin(self._call(sid, found, contact, form, request))

    async def _begin(self, call: Call) -> str:
        """Say the first words, or let the call's socket say them."""
        if self.relay.on and call.address.endswith("/voice"):
            return self.relay.connect(call.hash, call.contact.opened_at)
        return await self.caller.start(call)

    async def _place(self, kind: str, found: str, word: str, contact: Contact) -> Place:
        """Return where a call stands. A word we cannot open is a call that goes on from now."""
        try:
            return self.line.tokens.open(kind, found, word, Place)
        except BadToken:
            story = await self.line.conversations.messages(contact)
            newest = max((m.id for m in story.messages), default=0)
            return Place(turn=newest, spoken=newest, since=newest)

    def _leg(self, request: web.Request, purpose: str, kind: type[Kind]) -> Kind:
        """Return where a leg of ours stands, by the word in its address."""
        try:
            return self.line.tokens.open(purpose, "", request.match_info["word"], kind)
        except BadToken:
            raise web.HTTPForbidden from None

    def _call(
        self, sid: str, found: str, contact: Contact, form: Form, request: web.Request
    ) -> Call:
        return Call(sid, found, contact, form, request.rel_url.raw_path_qs)

    async def _over(
        self, sid: str, found: str, form: Form, request: web.Request
    ) -> web.Response:
        contact = await self.line.conversations.find_call(found)
        if contact is not None:
            await self.waiting.gone(self._call(sid, found, contact, form, request))
        return web.Response(text=self.line.twiml.end(()), content_type="text/xml")

    def _fallback(self, kind: str, found: str, place: Place) -> str:
        """Return what is said when nothing else can be: 999, a human line, and we listen on."""
        after = self.line.tokens.seal(
            kind if kind == "wait" else "turn", found, replace(place, turn=place.turn + 1)
        )
        if kind == "wait":
            return self.line.twiml.wait((), LOOK_EVERY, self.line.address("wait", after))
        action = self.line.address("turn", after)
        return self.line.twiml.ask(Ask(action=action, firmly=(self.trouble,), keys=place.quiet))
