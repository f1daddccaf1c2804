# SPDX-License-Identifier: Apache-2.0
"""What a brief says of somebody must mean something to the service that reads it."""

from __future__ import annotations

from bot.policy.turn import Medium


async def test_somewhere_else_is_said_from_where_the_service_looks(fingerpost):
    service = next(s.id for s in fingerpost.referrals.offers.services if s.tier == "generalist")
    lines = fingerpost.referrals.draft({"area": "elsewhere"}, service)
    (where,) = [line.text for line in lines if line.id == "area"]
    assert where != fingerpost.referrals.words.label("elsewhere", Medium.CHAT)
