# SPDX-License-Identifier: Apache-2.0
"""Puts together what brings notes to services: a part of the composition root."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.pagers.partner import ByEmail, ByWebhook
from bot.service.disclosing import Disclosing
from bot.service.paging import Paging
from bot.service.partner import Partner
from bot.service.ports import Clock, Courier
from bot.service.referral_answer import ReferralAnswers
from bot.service.referral_asking import ReferralAsking
from bot.service.referral_desk import ReferralDesk
from bot.service.referring import Referring, Ways
from bot.service.transcript import Transcript
from bot.settings import Settings, SettingsError
from bot.store import routes
from bot.store.database import Database
from bot.store.keys import KeyStore

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NotesToServices:
    """What the edge uses for notes to services beside Referrals."""

    partner: Partner
    referring: Referring
    asking: ReferralAsking
    desk: ReferralDesk
    disclosing: Disclosing


def ways(settings: Settings, known: Collection[str]) -> Ways:
    """Return by which routes notes go with these settings.

    A file that cannot be used keeps nobody from being answered: staff are shown what is wrong
    with it. A link is given only where the service answers at an address of its own, over TLS.
    """
    couriers: dict[str, Courier] = {"webhook": ByWebhook()}
    if settings.smtp_url:
        couriers["email"] = ByEmail(settings.smtp_url, settings.mail_from)
    path = Path(settings.routes) if settings.routes else None
    links = settings.public_url.startswith("https://")
    try:
        return Ways(routes.load(path, known), couriers, links)
    except SettingsError as wrong:
        for problem in wrong.problems:
            log.error("a route cannot be used", extra={"code": problem})
        return Ways({}, couriers, links, tuple(wrong.problems))


def notes(
    settings: Settings, store: Database, keys: KeyStore, transcript: Transcript, paging: Paging,
    known: Collection[str], clock: Clock,
) -> NotesToServices:  # fmt: skip
    """Return the parts, each with what it needs."""
    answers = ReferralAnswers(keys, transcript, clock)
    partner = Partner(store, keys, answers, settings, clock)
    found = ways(settings, known)
    return NotesToServices(
        partner=partner,
        referring=Referring(store, keys, partner, found, paging, transcript.words, clock),
        asking=ReferralAsking(store, keys, transcript, clock),
        disclosing=Disclosing(store, keys, transcript, clock),
        desk=ReferralDesk(store, keys, answers, found, settings, clock),
    )
