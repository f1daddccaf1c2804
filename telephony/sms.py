# SPDX-License-Identifier: Apache-2.0
"""The text line: off unless FINGERPOST_SMS_LINE is on. One text in, at most one out, at once.

The answer is the answer to Twilio's own post, so that nothing can be sent at any other time.
"""

from __future__ import annotations

import hashlib
import re

from aiohttp import web
from twilio.twiml.messaging_response import MessagingResponse

from bot.policy.turn import Medium, Utterance
from bot.service.texts import Texts
from telephony.answers import Answers
from telephony.line import ROOT, Line
from telephony.signature import signed_form

# What can be answered: whole numbers, and no withheld ones spelled on a keypad (ANONYMOUS, ...).
NUMBER = re.compile(r"\+[1-9]\d{7,14}")
WITHHELD = ("+266696687", "+7378742833", "+86282452253", "+8656696", "+2562533")


def add_text_line(app: web.Application, line: Line, answers: Answers) -> None:
    """Add the address of the text line to the edge, where the settings want one."""
    if line.settings.sms_line:
        app.router.add_post(f"{ROOT}/sms", TextLine(line, answers).text)


class TextLine:
    """Answers each text message once."""

    def __init__(self, line: Line, answers: Answers) -> None:
        self.line, self.answers = line, answers
        self.texts = Texts(
            line.store, line.conversations, line.handover, line.screen,
            line.settings.secret_keys, line.clock,
        )  # fmt: skip

    async def text(self, request: web.Request) -> web.Response:
        """Answer a text message that comes in."""
        form = await signed_form(request, self.line.settings)
        sid = form.get("MessageSid", "") if form is not None else ""
        if form is None or not sid:
            raise web.HTTPForbidden
        sender, said = form.get("From", ""), form.get("Body", "")
        message_id = hashlib.sha256(sid.encode()).hexdigest()

        async def story() -> str | None:
            return await self.texts.story(sender)

        async def make() -> str:
            name = await self.texts.hear(sender, said, message_id, reachable=_reachable(sender))
            return self._said(sender, name)

        fallback = self._said(sender, self.texts.without_store(said))
        found = self.line.tokens.call_hash(sid)
        text = await self.answers.once(found, "sms", story, make, fallback)
        return web.Response(text=text, content_type="text/xml")

    def _said(self, sender: str, name: str) -> str:
        response = MessagingResponse()
        if name and _reachable(sender):
            words = self.line.speech.words.message(Utterance(name), Medium.CHAT)
            response.message(words.text)
        return str(response)


def _reachable(sender: str) -> bool:
    """Say whether a text can go back to where one came from."""
    return bool(NUMBER.fullmatch(sender)) and sender not in WITHHELD
