# SPDX-License-Identifier: Apache-2.0
"""The one place where parts are put together. Nothing here connects before it is asked to."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.assistant import model
from bot.assistant.client import Client
from bot.policy.places import Areas
from bot.service.accounts import Accounts
from bot.service.conversation import Conversations
from bot.service.desk import Desk
from bot.service.directory import Directory
from bot.service.facts import Facts
from bot.service.handover import Handover
from bot.service.information import Information
from bot.service.lane import Lane
from bot.service.language import Interpreting
from bot.service.live import Live
from bot.service.offers import Offers
from bot.service.ports import Assistant, Clock, Pager
from bot.service.reading import Reader
from bot.service.referral import Referrals
from bot.service.retention import Retention
from bot.service.safety import Safety
from bot.service.transcript import Transcript
from bot.service.turn import Turns
from bot.service.work import Work
from bot.settings import ROOT, Settings
from bot.store import directory
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.store.trackers import TrackerRows
from bot.understanding import Screen
from bot.words import Words

log = logging.getLogger(__name__)


class ConsolePager:
    """Pages the open consoles: the queue's own event is what they see, so here is only a line."""

    async def page(self, tier: str, reference: str) -> None:
        log.info("page", extra={"tier": tier, "handover": reference})


@dataclass
class Fingerpost:
    """The whole service, as the edge, the telephone, the console and the actions use it."""

    settings: Settings
    clock: Clock
    words: Words
    store: Database
    keys: KeyStore
    screen: Screen
    assistant: Assistant
    lane: Lane
    transcript: Transcript
    conversations: Conversations
    handover: Handover
    desk: Desk
    accounts: Accounts
    facts: Facts
    offers: Offers
    directory: Directory
    referrals: Referrals
    retention: Retention
    live: Live
    work: Work
    _tasks: list[asyncio.Task] = field(default_factory=list)

    def start(self) -> None:
        """Start what runs beside the turns: replay, work that comes due, and slow reading."""
        self._tasks = [
            asyncio.create_task(self.lane.replay()),
            asyncio.create_task(asyncio.to_thread(self.screen.languages.warm)),
            asyncio.create_task(self.work.run()),
        ]

    async def ready(self) -> bool:
        """Say whether both stores, the assistant and its actions answer now."""
        answers = await asyncio.gather(
            self.store.ping(), self.keys.database.ping(), self.assistant.ready()
        )
        return all(answers)

    async def close(self) -> None:
        """Stop it all and give every connection back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.lane.close()
        closing = getattr(self.assistant, "close", None)
        if closing is not None:
            await closing()
        await self.store.close()
        await self.keys.database.close()


def wire(
    settings: Settings,
    *,
    clock: Clock = time.time,
    assistant: Assistant | None = None,
    screen: Screen | None = None,
    pager: Pager | None = None,
    root: Path = ROOT,
) -> Fingerpost:
    """Return the service for these settings; tests may give their own clock, assistant or pager."""
    words = Words.load(root / "data" / "words", {"service": settings.service_name})
    store = Database(settings.database_url)
    keys = KeyStore(Database(settings.keys_url), settings.secret_keys)
    screen = screen or Screen.load(root / "models", root / "data")
    if assistant is None:
        right = model.fingerprint()
        assistant = Client(settings.rasa_url, settings.local_key, right, settings.actions_url)
    transcript = Transcript(words, clock)
    lane = Lane(store, keys, transcript, assistant, clock, settings.replay_within)
    handover = Handover(store, keys, transcript, lane, settings, clock)
    accounts = Accounts(store, clock)
    interpreting = Interpreting(screen.languages, handover)
    safety = Safety(words, handover, interpreting, settings, clock)
    places = areas(root)
    reader = Reader(words, screen, places)
    turns = Turns(store, keys, transcript, lane, reader, safety, settings, clock)
    retention = Retention(store, keys, settings, clock)
    listed = directory.load(root / "data" / "directory")
    offers = Offers(listed.services, words, clock)
    return Fingerpost(
        settings=settings,
        clock=clock,
        words=words,
        store=store,
        keys=keys,
        screen=screen,
        assistant=assistant,
        lane=lane,
        transcript=transcript,
        conversations=Conversations(store, keys, transcript, turns, settings, clock),
        handover=handover,
        desk=Desk(store, keys, handover, accounts, clock),
        accounts=accounts,
        facts=Facts(store, keys, clock),
        offers=offers,
        directory=Directory(listed.services, listed.records, places, clock),
        referrals=Referrals(store, keys, offers, words, settings, clock),
        retention=retention,
        live=Live(store, keys),
        work=Work(store, keys, transcript, handover, retention, pager or ConsolePager(), clock),
    )


def areas(root: Path) -> Areas:
    """Return the places we know and the areas they lie in."""
    held = [
        yaml.safe_load((root / "data" / "places" / f"{name}.yml").read_text())
        for name in ("areas", "councils")
    ]
    return Areas.of(*held)


def tracker_rows(settings: Settings) -> TrackerRows:
    """Return where the dialogue engine keeps its memory: all it needs of the store."""
    keys = KeyStore(Database(settings.keys_url), settings.secret_keys)
    return TrackerRows(Database(settings.database_url), keys)


@dataclass(frozen=True)
class ForActions:
    """What Rasa's actions may use: no screen, no assistant, nothing of the edge."""

    facts: Facts
    offers: Offers
    information: Information
    referrals: Referrals
    retention: Retention
    hours_held: int


def for_actions(settings: Settings, clock: Clock = time.time, root: Path = ROOT) -> ForActions:
    """Return the service for the action server."""
    words = Words.load(root / "data" / "words", {"service": settings.service_name})
    store = Database(settings.database_url)
    keys = KeyStore(Database(settings.keys_url), settings.secret_keys)
    offers = Offers(directory.load(root / "data" / "directory").services, words, clock)
    return ForActions(
        facts=Facts(store, keys, clock),
        offers=offers,
        information=Information(words, offers, clock),
        referrals=Referrals(store, keys, offers, words, settings, clock),
        retention=Retention(store, keys, settings, clock),
        hours_held=round(settings.hit_held_for / 3600),
    )
