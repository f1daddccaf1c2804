# SPDX-License-Identifier: Apache-2.0
"""By which means staff can be called, and a person written to, with these settings."""

from __future__ import annotations

import logging

from bot.pagers.email import EmailPager
from bot.pagers.person import PersonMail
from bot.pagers.webhook import WebhookPager
from bot.service.paging import CONSOLE
from bot.service.ports import Page, Pager
from bot.service.sending import Sender
from bot.settings import Settings

log = logging.getLogger(__name__)


class ConsolePager:
    """Pages the open consoles: the queue's own event is what they see, so here is only a line."""

    async def page(self, page: Page) -> None:
        log.info("page", extra={"tier": page.tier, "id": page.id})


def pagers(settings: Settings) -> dict[str, Pager]:
    """Return the means by which staff can be called with these settings."""
    found: dict[str, Pager] = {CONSOLE: ConsolePager()}
    if settings.smtp_url:
        found["email"] = EmailPager(settings.smtp_url, settings.mail_from)
    if settings.webhook_secret:
        found["webhook"] = WebhookPager(settings.webhook_secret)
    if settings.twilio_number and settings.twilio_account_sid:
        from telephony.pager import SmsPager, VoicePager  # the telephone is slow to load

        found |= {"sms": SmsPager(settings), "voice": VoicePager(settings)}
    return found


def senders(settings: Settings) -> dict[str, Sender]:
    """Return the means by which a person may be written to: none that the settings do not name."""
    found: dict[str, Sender] = {}
    if "email" in settings.sends and settings.smtp_url:
        found["email"] = PersonMail(settings.smtp_url, settings.mail_from)
    if "text" in settings.sends and settings.twilio_number and settings.twilio_account_sid:
        from telephony.texter import Texter  # the telephone is slow to load

        found["text"] = Texter(settings)
    return found
