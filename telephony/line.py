# SPDX-License-Identifier: Apache-2.0
"""What every part of the telephone line shares, and the addresses it gives to Twilio."""

from __future__ import annotations

from typing import Protocol

from bot.service.accounts import Accounts
from bot.service.by_phone import ByPhone
from bot.service.calling_back import CallingBack
from bot.service.conversation import Conversations
from bot.service.duty import Duty
from bot.service.handover import Handover
from bot.service.interpreter import Interpreter
from bot.service.paging import Paging
from bot.service.ports import Clock
from bot.settings import Settings
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.understanding import Screen
from bot.words import Words
from telephony.call import Call
from telephony.callback import CallsBack
from telephony.codes import Codes
from telephony.dialler import Dialler
from telephony.interpreter import Interpreters
from telephony.signature import prefix
from telephony.speech import Speech
from telephony.tokens import Place, Tokens
from telephony.tongues import tongues
from telephony.transfer import Transfers
from telephony.twiml import Twiml

ROOT = "/telephony"


class Fingerpost(Protocol):
    """What bot/wiring.py puts together, as far as the telephone uses it."""

    settings: Settings
    clock: Clock
    words: Words
    store: Database
    keys: KeyStore
    screen: Screen
    conversations: Conversations
    handover: Handover
    accounts: Accounts
    duty: Duty
    calling_back: CallingBack
    interpreter: Interpreter
    paging: Paging


class Line:
    """The parts, made once from the wired service."""

    def __init__(self, fingerpost: Fingerpost) -> None:
        self.settings, self.clock = fingerpost.settings, fingerpost.clock
        self.conversations, self.screen = fingerpost.conversations, fingerpost.screen
        self.store, self.keys = fingerpost.store, fingerpost.keys
        self.handover = fingerpost.handover
        self.tokens = Tokens(self.settings.secret_keys)
        self.speech = Speech(fingerpost.words)
        self.tongues = tongues(self.screen.languages.own)
        self.twiml = Twiml(self.settings.voice, self.settings.speech_model)
        self.prefix = prefix(self.settings)
        self.by_phone = ByPhone(
            fingerpost.store, fingerpost.keys, fingerpost.handover, fingerpost.accounts,
            self.settings, self.clock,
        )  # fmt: skip
        self.dialler = Dialler(self.settings, fingerpost.duty.numbers, self.by_phone.numbers)
        self.transfers = Transfers(
            fingerpost.store, fingerpost.keys, self.by_phone, self.dialler, self.tokens,
            self.address, self.clock,
        )  # fmt: skip
        self.codes = Codes(self.conversations, self.store, self.keys, self.clock)
        self.interpreters = Interpreters(self)
        self.calls_back = CallsBack(self, fingerpost.calling_back)

    def address(self, kind: str, word: str) -> str:
        """Return an address of ours, which holds nothing but an opaque word."""
        return f"{self.prefix}{ROOT}/{kind}/{word}"

    def at(self, kind: str, call: Call, place: Place) -> str:
        """Return the address where a call goes on from a place."""
        return self.address(kind, self.tokens.seal(kind, call.hash, place))
