# SPDX-License-Identifier: Apache-2.0
"""How far the ringing for one caller has come: pure steps, each from what was to what is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

# A leg that says nothing for this long is given up: 20 s of ringing, the gate twice, a PIN.
SILENT_LEG = 75.0
# A ring that was never sent (the process ended in between) is sent again.
UNSENT_RING = 10.0


class Stage(StrEnum):
    """`taken`: a worker gave their PIN and hears the brief. `joined`: they talk with the caller."""

    RINGING = "ringing"
    TAKEN = "taken"
    JOINED = "joined"
    OVER = "over"


@dataclass(frozen=True)
class Transfer:
    """The ringing for one caller. `held`: they are in the conference named `ref`.

    `back` is where the caller goes on with us. `nobody`: every number was tried in vain, which
    the caller has yet to be told. `leg_gone`: the worker's line dropped while they talked.
    """

    ref: str
    conversation_id: str
    contact_id: str
    caller_sid: str
    back: str
    rung_at: float
    stage: Stage = Stage.RINGING
    number: int = 0
    leg: str = ""
    held: bool = False
    quiet: bool = False
    nobody: bool = False
    leg_gone: bool = False


def stands(transfer: Transfer | None) -> bool:
    """Say whether somebody is being rung, or is there."""
    return transfer is not None and transfer.stage is not Stage.OVER


def lives(transfer: Transfer, now: float) -> bool:
    """Say whether a telephone rings for the caller at this moment, or a worker has them.

    A ringing that nobody has looked at for longer than a leg may take is one whose end was lost.
    """
    if transfer.stage is Stage.RINGING:
        return now - transfer.rung_at <= SILENT_LEG
    return stands(transfer) and not transfer.leg_gone


def sent(transfer: Transfer, number: int, leg: str, now: float) -> Transfer:
    """Return the ringing after Twilio took a ring."""
    if transfer.stage is not Stage.RINGING or transfer.number != number:
        return transfer
    return replace(transfer, leg=leg, rung_at=now)


def next_number(transfer: Transfer, numbers: int, now: float) -> Transfer:
    """Return the ringing of the next number, or its end when there is none."""
    number = transfer.number + 1
    if number >= numbers:
        return replace(transfer, stage=Stage.OVER, leg="", nobody=True)
    return replace(transfer, stage=Stage.RINGING, number=number, leg="", rung_at=now)


def leg_over(transfer: Transfer, ref: str, number: int, numbers: int, now: float) -> Transfer:
    """Return the ringing after a worker's leg ended; an older leg changes nothing."""
    if transfer.ref != ref or transfer.number != number:
        return transfer
    if transfer.stage in (Stage.RINGING, Stage.TAKEN):
        return next_number(transfer, numbers, now)
    if transfer.stage is Stage.JOINED:
        return replace(transfer, leg_gone=True)
    return transfer


def checked(transfer: Transfer, numbers: int, now: float) -> Transfer:
    """Return the ringing after a look at the clock: no leg may keep a caller waiting for ever."""
    if transfer.stage is not Stage.RINGING:
        return transfer
    waited = now - transfer.rung_at
    if not transfer.leg and waited > UNSENT_RING:
        return replace(transfer, rung_at=now)
    return next_number(transfer, numbers, now) if waited > SILENT_LEG else transfer


def may_take(transfer: Transfer | None, ref: str, number: int) -> bool:
    """Say whether the worker on this leg may still take the caller."""
    if transfer is None or transfer.ref != ref:
        return False
    return transfer.stage is Stage.RINGING and transfer.number == number


def taken(transfer: Transfer, ref: str, number: int, leg: str) -> Transfer:
    """Return the ringing after a worker took the caller by their PIN."""
    if not may_take(transfer, ref, number):
        return transfer
    return replace(transfer, stage=Stage.TAKEN, leg=leg)


def joined(transfer: Transfer, ref: str, leg: str) -> Transfer:
    """Return the ringing after the worker heard the brief and wants to talk."""
    if transfer.ref != ref or transfer.leg != leg or transfer.stage is not Stage.TAKEN:
        return transfer
    return replace(transfer, stage=Stage.JOINED)


def ended(transfer: Transfer) -> Transfer:
    """Return the ringing called off: the caller is gone, or somebody else has them."""
    return replace(transfer, stage=Stage.OVER, held=False, nobody=False)
