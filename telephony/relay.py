# SPDX-License-Identifier: Apache-2.0
"""The other way to carry a call: a socket of Twilio's ConversationRelay, switched on by a setting.

The turn, the keys and the words are those of the <Gather> loop. However the socket ends, Twilio
posts to the address of its <Connect>, and the loop goes on in the same place.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

from aiohttp import WSCloseCode, WSMsgType, web

from bot.policy.turn import Medium
from bot.store.database import StoreError
from telephony import asking, frames
from telephony.answers import Answers
from telephony.asking import Ask
from telephony.call import Call
from telephony.caller import Caller
from telephony.finding import Finding
from telephony.line import ROOT, Line
from telephony.session import Input, Session, word_of
from telephony.signature import public_url, signed_socket, socket_url
from telephony.sockets import Sockets
from telephony.tokens import BadToken, Opens, Place

log = logging.getLogger(__name__)
SETUP_WITHIN = 5
"""Seconds for the first frame."""
OPENS_WITHIN = 60
"""Seconds from the start of a call in which its socket can be opened."""
CLOSES_WITHIN = 10
"""Seconds for Twilio to close the socket after our last frame; then we do."""
ALIVE_EVERY = 20
LONGEST_WAY = 5
"""Answers that may have come after the last one that was kept as heard."""


class Relay:
    """Carries calls on sockets."""

    def __init__(self, line: Line, answers: Answers, caller: Caller) -> None:
        self.line, self.answers, self.caller = line, answers, caller
        self.sockets = Sockets(line.store, line.keys, line.clock)
        self._open: set[web.WebSocketResponse] = set()
        self.trouble = line.speech.text("fallback")

    @property
    def on(self) -> bool:
        """Say whether calls are carried on sockets here."""
        return self.line.settings.conversation_relay

    def connect(self, call_hash: str, opened_at: float) -> str:
        """Return the TwiML that lets a call begin on a socket, the same at every post."""
        seal = self.line.tokens.seal
        done = self.line.address("done", seal("done", call_hash, Place()))
        url = socket_url(public_url(self.line.settings)) + f"{ROOT}/relay"
        codes = [code for *_, code in self.line.tongues]
        return self.line.twiml.relay(url, done, seal("relay", call_hash, Opens(opened_at)), codes)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Carry one call, from its first frame to its last."""
        if not self.on or not signed_socket(request, self.line.settings):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(max_msg_size=frames.LONGEST, heartbeat=ALIVE_EVERY)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._carry(socket)
        finally:
            self._open.discard(socket)
        return socket

    async def done(self, call: Call, place: Place) -> str:
        """Go on in the <Gather> loop, where the call stood when its socket ended."""
        story = call.contact.conversation_id
        stood = await self.sockets.close(call.hash, story)
        word = frames.handed(call.form.get("HandoffData", "")) or stood
        for _ in range(LONGEST_WAY):
            text = await self.answers.kept(
                call.hash, _key(word), Finding(self.line, call.hash).story
            )
            if text is None:
                break
            asked = asking.opened(text)
            if asked is None:
                return text
            word = word_of(asked.action)  # it was made, and perhaps never said
        place = self._place(call.hash, word) or place
        return await self.caller.again(call, place, ("phone_lost_you",) if place.spoken else ())

    async def left(self, call: Call) -> None:
        """Take in that a call was fetched from its socket, to a person."""
        if self.on:
            await self.sockets.close(call.hash, call.contact.conversation_id)

    async def close(self) -> None:
        """End the sockets, so that their calls go on in the loop while this edge stops."""
        for socket in set(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    # -- one socket --------------------------------------------------------------------------

    async def _carry(self, socket: web.WebSocketResponse) -> None:
        setup = await self._setup(socket)
        if setup is None:
            await socket.close(code=WSCloseCode.POLICY_VIOLATION)
            return
        sid, found = setup

        async def send(frame: str) -> None:
            with contextlib.suppress(ConnectionError):  # it broke, and its call goes on elsewhere
                await socket.send_str(frame)

        session = Session(send, lambda given: self._answer(sid, found, given))
        reading = asyncio.create_task(self._read(socket, session))
        try:
            await session.run()
            await asyncio.wait({reading}, timeout=CLOSES_WITHIN)
        finally:
            reading.cancel()
            await socket.close()

    async def _setup(self, socket: web.WebSocketResponse) -> tuple[str, str] | None:
        """Return the call's id and what is kept of it; None unless it is the call we sent here."""
        try:
            first = frames.read(await socket.receive_str(timeout=SETUP_WITHIN))
        except (TimeoutError, TypeError, frames.BadFrame):
            return None
        if not isinstance(first, frames.Setup):
            return None
        found = self.line.tokens.call_hash(first.call_sid)
        try:
            opens = self.line.tokens.open("relay", found, first.word, Opens)
            contact = await Finding(self.line, found).contact()
            # What was claimed is forgotten with the hour, or when a code moves the call.
            fresh = self.line.clock() - opens.opened_at <= OPENS_WITHIN
            if contact is None or not fresh or contact.opened_at != opens.opened_at:
                return None
            claimed = await self.sockets.claim(found, contact.conversation_id)
        except (BadToken, StoreError):
            return None
        return (first.call_sid, found) if claimed else None

    @staticmethod
    async def _read(socket: web.WebSocketResponse, session: Session) -> None:
        """Hand on each frame. One that we cannot read ends the session: it may have been words."""
        async for message in socket:
            try:
                if message.type is not WSMsgType.TEXT:
                    raise frames.BadFrame
                session.take(frames.read(message.data))
            except frames.BadFrame:
                log.warning("a relay sent what we cannot read")
                session.take(frames.Trouble())
        session.over()

    async def _answer(self, sid: str, found: str, given: Input) -> str | None:
        """Return what comes of an input; None when the call is no longer on this socket."""
        caller, place = Finding(self.line, found), self._place(found, given.word) or Place()
        try:
            story = await caller.story()
            if story is not None and not await self.sockets.stands(found, story):
                return None
        except StoreError:
            log.warning("a relay could not look where its call is")  # it is answered all the same

        async def make() -> str:
            contact = await caller.contact()
            if contact is None:
                return self._ended(found, place, given.form.get("SpeechResult", ""))
            before = self._place(found, given.before) if given.before else None
            call = Call(
                sid, found, contact, given.form, _address(given.word), relay=True,
                seen=max(before.spoken, before.offer) if before else None,
            )  # fmt: skip
            return await (self.caller.turn(call, place) if given.word else self.caller.start(call))

        fallback = self._firmly(found, place, [self.trouble], keys=place.quiet)
        text = await self.answers.once(found, _key(given.word), caller.story, make, fallback)
        asked = asking.opened(text)
        try:
            if asked is not None and caller.found is not None:
                moved = word_of(asked.action)
                if not await self.sockets.move(found, caller.found.conversation_id, moved):
                    return None
        except StoreError:
            log.warning("where a call stands could not be kept")
        return text

    def _ended(self, found: str, place: Place, speech: str) -> str:
        """Answer a call whose story was closed or moved. Danger is answered all the same."""
        words = self.line.conversations.turns.unkept("ended", Medium.VOICE, speech).messages
        if len(words) > 1:  # the emergency words, which the loop could not say without the speech
            return self._firmly(found, place, [m.text for m in words])
        return self.line.twiml.end([m.text for m in words])

    def _firmly(self, found: str, place: Place, words: Sequence[str], keys: bool = False) -> str:
        word = self.line.tokens.seal("turn", found, replace(place, turn=place.turn + 1))
        return asking.kept(Ask(self.line.address("turn", word), firmly=words, keys=keys))

    def _place(self, found: str, word: str) -> Place | None:
        try:
            return self.line.tokens.open("turn", found, word, Place)
        except BadToken:
            return None


def _address(word: str) -> str:
    """Return the address of a turn on a socket: nothing is ever posted there."""
    return f"{ROOT}/relay/{word}"


def _key(word: str) -> str:
    return hashlib.sha256(_address(word).encode()).hexdigest()
