# SPDX-License-Identifier: Apache-2.0
"""The second factor of staff: six digits from an app, as RFC 6238 describes them.

The key is offered with a set-up link and kept, sealed under the account's own key, only once
somebody has shown that their app makes the right digits. A lost app is answered by a new link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

import pyotp

from bot.service.ports import Clock
from bot.store.keys import KeyStore

STEP = 30
# A clock that is off by half a minute, or digits typed slowly, still count.
AROUND = (0, -1, 1)


@dataclass(frozen=True)
class Offered:
    """What an app is set up with: the key as people type it, and as a picture tells it."""

    key: str
    address: str


class SecondFactor:
    """Offers, keeps and checks. `secret` is the service's own, for this purpose alone."""

    def __init__(self, keys: KeyStore, secret: bytes, service_name: str, clock: Clock) -> None:
        self.keys, self.clock = keys, clock
        self._secret, self._service_name = secret, service_name

    def offered(self, word: str, name: str) -> Offered:
        """Return the key that goes with a set-up word: the same each time the page is opened."""
        made = hmac.new(self._secret, word.encode("utf-8", "replace"), hashlib.sha256).digest()
        key = base64.b32encode(made[:20]).decode()
        address = pyotp.TOTP(key).provisioning_uri(name=name, issuer_name=self._service_name)
        return Offered(key, address)

    async def seal(self, staff_id: str, key: str) -> bytes:
        """Return a key as it is kept, under a new key of the account's own."""
        await self.keys.erase(staff_id)
        return (await self.keys.make(staff_id)).seal(key)

    def step(self, key: str, code: str, after: int | None = None) -> int | None:
        """Return the half minute these digits are of, None when they are wrong or were used."""
        code = "".join(code.split())
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            return None
        now = int(self.clock() // STEP)
        for at in (now + by for by in AROUND):
            if pyotp.utils.strings_equal(pyotp.TOTP(key).at(at * STEP), code):
                return at if after is None or at > after else None
        return None

    async def opened(self, staff_id: str, sealed: bytes) -> str:
        """Return the key of an account; "" when the key it was sealed under is gone."""
        return await self.keys.opened(staff_id, sealed) or ""
