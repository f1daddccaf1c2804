# SPDX-License-Identifier: Apache-2.0
"""The opaque word in an address: where a call stands, sealed, so that any edge can go on from it.

Sealing is deterministic (AES-SIV): the same place in the same call is always the same address,
also when the database is away. A token opens only for the call and the purpose it was made for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from bot.settings import derive


class BadToken(Exception):
    """Not a token of ours, or not for this call."""


@dataclass(frozen=True)
class Place:
    """Where a caller stands. Messages are known by their numbers; no word of anybody is here.

    `since` to `spoken` is what star says again; `offer` is the message whose choices are on
    offer; `unheard` marks the address of a key pressed before a consent was read to its end;
    `held_back` means that a caller who cannot speak has words waiting behind key 1; `told` that
    one in the conference knows that nobody came; `relay_uk` that an assistant speaks for them;
    `code` that their code from an earlier call is awaited; `parts` is the page of what they may
    leave out, 0 for none; `tells` that they were told what a worker will see.
    """

    turn: int = 0
    spoken: int = 0
    since: int = 0
    offer: int = 0
    page: int = 0
    silent: int = 0
    unclear: int = 0
    five_at: float = 0.0
    quiet: bool = False
    held_back: bool = False
    unheard: bool = False
    told: bool = False
    relay_uk: bool = False
    code: bool = False
    parts: int = 0
    tells: bool = False


@dataclass(frozen=True)
class Leg:
    """Where a worker's leg stands: whose call it is for, and what it was asked last."""

    caller: str
    conversation_id: str
    contact_id: str
    ref: str
    number: int
    step: str = "gate"
    tries: int = 0
    quiet: bool = False


@dataclass(frozen=True)
class BackLeg:
    """Where the leg of a worker stands who rings somebody back, and what it was asked last."""

    record_id: str
    call_id: str
    worker_id: str
    step: str = "gate"
    tries: int = 0


@dataclass(frozen=True)
class Opens:
    """What the first frame of a socket bears: when the contact was opened that it is for."""

    opened_at: float


Sealed = Place | Leg | BackLeg | Opens
"""What an address may hold."""
Kind = TypeVar("Kind", Place, Leg, BackLeg, Opens)


class Tokens:
    """Seals and opens places. The first secret seals; any of them opens."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._ciphers = [AESSIV(derive(s, "call 1") + derive(s, "call 2")) for s in secrets]
        self._hashing = derive(secrets[0], "call hash")

    def call_hash(self, sid: str) -> str:
        """Return what is kept of a call's id."""
        return hmac.new(self._hashing, sid.encode(), hashlib.sha256).hexdigest()

    def seal(self, purpose: str, call_hash: str, found: Sealed) -> str:
        """Return the word for an address."""
        value = json.dumps(astuple(found), separators=(",", ":")).encode()
        sealed = self._ciphers[0].encrypt(value, [purpose.encode(), call_hash.encode()])
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, purpose: str, call_hash: str, token: str, kind: type[Kind]) -> Kind:
        """Return what was sealed, or raise BadToken."""
        try:
            sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            raise BadToken from None
        for cipher in self._ciphers:
            try:
                value = cipher.decrypt(sealed, [purpose.encode(), call_hash.encode()])
                return kind(*json.loads(value))
            except (InvalidTag, ValueError, TypeError):
                continue
        raise BadToken
