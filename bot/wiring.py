# SPDX-License-Identifier: Apache-2.0
"""The one place where parts are put together. Nothing here connects before it is asked to."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.assistant import model
from bot.assistant.client import Client
from bot.means import pagers, senders
from bot.policy.places import Areas
from bot.service.accounts import Accounts
from bot.service.audit import Audit
from bot.service.audit_export import AuditExport
from bot.service.callback import Callbacks
from bot.service.called import Called
from bot.service.calling_back import CallingBack
from bot.service.colleagues import Colleagues
from bot.service.conversation import Conversations
from bot.service.desk import Desk
from bot.service.directory import Directory
from bot.service.drills import Drills
from bot.service.duty import Duty
from bot.service.facts import Facts
from bot.service.handover import Handover
from bot.service.interpreter import Interpreter
from bot.service.judging import Judging
from bot.service.lane import Lane
from bot.service.language import Interpreting
from bot.service.live import Live
from bot.service.notes import Notes
from bot.service.offers import Offers
from bot.service.paging import Paging
from bot.service.pins import Pins
from bot.service.ports import Assistant, Clock
from bot.service.reading import Reader
from bot.service.receipts import Receipts
from bot.service.referral import Referrals
from bot.service.retention import Retention
from bot.service.safety import Safety
from bot.service.screen_lock import ScreenLock
from bot.service.second_factor import SecondFactor
from bot.service.sending import Sending
from bot.service.shift import Shift
from bot.service.somebody_else import SomebodyElse
from bot.service.standing import Standing
from bot.service.stopped import Stopped
from bot.service.taking_back import TakingBack
from bot.service.tiering import Tiering
from bot.service.transcript import Transcript
from bot.service.turn import Turns
from bot.service.work import Work
from bot.settings import ROOT, Settings, derive
from bot.store import directory
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.store.rota import Roster, load_paces
from bot.store.trackers import TrackerRows
from bot.understanding import Screen
from bot.wiring_notes import NotesToServices
from bot.wiring_notes import notes as notes_out
from bot.words import Words


def on_call(settings: Settings) -> tuple[str, ...]:
    """Return the numbers of the settings, which are rung where no rota has any."""
    return tuple(n.strip() for n in settings.on_call.split(",") if n.strip())


def rota(settings: Settings) -> Roster:
    """Return the rota of the settings, if there is one."""
    return Roster(Path(settings.rota) if settings.rota else None)


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
    duty: Duty
    roster: Roster
    paging: Paging
    called: Called
    desk: Desk
    accounts: Accounts
    colleagues: Colleagues
    notes: Notes
    shift: Shift
    audit: Audit
    audit_export: AuditExport
    screen_lock: ScreenLock
    facts: Facts
    offers: Offers
    directory: Directory
    referrals: Referrals
    callbacks: Callbacks
    calling_back: CallingBack
    judging: Judging
    receipts: Receipts
    sending: Sending
    notes_out: NotesToServices
    somebody_else: SomebodyElse
    interpreter: Interpreter
    tiering: Tiering
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
    root: Path = ROOT,
) -> Fingerpost:
    """Return the service for these settings; tests may give their own clock or assistant."""
    words = Words.load(root / "data" / "words", {"service": settings.service_name})
    store = Database(settings.database_url)
    keys = KeyStore(Database(settings.keys_url), settings.secret_keys)
    screen = screen or Screen.load(root / "models", root / "data")
    if assistant is None:
        right = model.fingerprint()
        assistant = Client(settings.rasa_url, settings.local_key, right, settings.actions_url)
    transcript = Transcript(words, clock)
    roster, calling = rota(settings), pagers(settings)
    duty = Duty(roster, calling, on_call(settings), clock)
    standing, within = Standing(duty), settings.replay_within
    lane = Lane(store, keys, transcript, assistant, standing, clock, within)
    handover = Handover(store, keys, transcript, lane, duty, settings, clock)
    paces = load_paces(root / "data" / "paging" / "tiers.yml")
    paging = Paging(
        store, keys, transcript, duty, calling, paces, settings.queue_url, clock
    )
    secret = derive(settings.secret_keys[0], "staff")
    stopped = Stopped(store, settings.secret_keys, clock)
    pins = Pins([derive(key, "pin") for key in settings.secret_keys])
    second = SecondFactor(keys, secret, settings.service_name, clock)
    accounts = Accounts(store, second, pins, clock)
    interpreting = Interpreting(screen.languages, handover)
    safety = Safety(words, handover, interpreting, settings, clock)
    places = areas(root)
    reader = Reader(words, screen, places)
    effects = TakingBack(safety, keys)
    turns = Turns(store, keys, transcript, lane, reader, effects, settings, clock)
    retention = Retention(store, keys, handover.release, settings, clock)
    listed = directory.load(root / "data" / "directory")
    offers = Offers(listed.services, words, clock)
    calling_back = CallingBack(store, keys, clock)
    judging = Judging(handover, paging, calling_back, keys, store, clock)
    known = {service.id for service in listed.services}
    audit = Audit(store, accounts, clock)
    audit_export = AuditExport(audit, settings.audit_dir, clock)
    out = notes_out(settings, store, keys, transcript, paging, known, clock)
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
        conversations=Conversations(store, keys, transcript, turns, standing, settings, clock),
        handover=handover,
        duty=duty,
        roster=roster,
        paging=paging,
        called=Called(store, duty, roster, clock),
        desk=Desk(store, keys, handover, accounts, screen.rules.quotes, clock),
        accounts=accounts,
        colleagues=Colleagues(store, handover, accounts, duty, clock),
        notes=Notes(store, keys, clock),
        shift=Shift(store, keys, handover, clock),
        audit=audit,
        audit_export=audit_export,
        screen_lock=ScreenLock(store, accounts, clock),
        facts=Facts(store, keys, clock),
        offers=offers,
        directory=Directory(listed.services, listed.records, places, clock),
        referrals=Referrals(store, keys, offers, words, settings, clock),
        callbacks=Callbacks(store, keys, words, duty, settings, clock),
        calling_back=calling_back,
        judging=judging,
        receipts=Receipts(store, keys, words, clock),
        sending=Sending(store, keys, words, stopped, senders(settings), clock),
        notes_out=out,
        somebody_else=SomebodyElse(store, keys, words, clock),
        interpreter=Interpreter(store, settings, clock),
        tiering=Tiering(store, clock),
        retention=retention,
        live=Live(store, keys),
        work=Work(
            store, keys, transcript, handover, retention, paging, Drills(store, keys, clock),
            calling_back, (out.referring.kinds | judging.kinds, out.asking.kinds), audit_export,
            clock,
        ),  # fmt: skip
    )


def drills(settings: Settings, clock: Clock = time.time) -> Drills:
    """Return what a drill needs: the stores, and nothing that is slow to load."""
    keys = KeyStore(Database(settings.keys_url), settings.secret_keys)
    return Drills(Database(settings.database_url), keys, clock)


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
