# SPDX-License-Identifier: Apache-2.0
"""What Rasa's actions may use, put together for the action server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from bot.means import pagers
from bot.service.callback import Callbacks
from bot.service.duty import Duty
from bot.service.facts import Facts
from bot.service.follow_up import FollowUp
from bot.service.information import Information
from bot.service.offers import Offers
from bot.service.ports import Clock
from bot.service.referral import Referrals
from bot.service.release import Release
from bot.service.retention import Retention
from bot.service.transcript import Transcript
from bot.settings import ROOT, Settings
from bot.store import directory
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.wiring import on_call, rota
from bot.wiring_notes import ways
from bot.words import Words


@dataclass(frozen=True)
class ForActions:
    """What Rasa's actions may use: no screen, no assistant, nothing of the edge."""

    facts: Facts
    offers: Offers
    information: Information
    referrals: Referrals
    callbacks: Callbacks
    follow_up: FollowUp
    retention: Retention
    hours_held: int
    area: str


def for_actions(settings: Settings, clock: Clock = time.time, root: Path = ROOT) -> ForActions:
    """Return the service for the action server."""
    words = Words.load(root / "data" / "words", {"service": settings.service_name})
    store = Database(settings.database_url)
    keys = KeyStore(Database(settings.keys_url), settings.secret_keys)
    listed = directory.load(root / "data" / "directory").services
    offers = Offers(listed, words, clock)
    duty = Duty(rota(settings), pagers(settings), on_call(settings), clock)
    by_routes = ways(settings, {service.id for service in listed})
    release = Release(keys, Transcript(words, clock), settings, clock)
    return ForActions(
        facts=Facts(store, keys, clock),
        offers=offers,
        information=Information(words, offers, clock),
        referrals=Referrals(store, keys, offers, words, settings, clock),
        callbacks=Callbacks(store, keys, words, duty, settings, clock),
        follow_up=FollowUp(store, keys, by_routes, duty, clock),
        retention=Retention(store, keys, release, settings, clock),
        hours_held=round(settings.hit_held_for / 3600),
        area=settings.area,
    )
