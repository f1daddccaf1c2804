# SPDX-License-Identifier: Apache-2.0
"""Who comes back by a code in the middle of a consent is asked anew how to reach them."""

from __future__ import annotations

import pytest

from bot.policy.questions import CONTACT_ANEW
from tests.conversations.states import way_to


@pytest.mark.parametrize(
    ("came_back", "asked"), [(True, "referral_ask_agrees"), (False, "consent_brief")]
)
async def test_a_number_given_before_is_not_read_out(talk, stores, came_back, asked):
    """Whoever goes on in the same talk is not asked twice."""
    conversation = await talk("chat")
    for turn in way_to("consent_answer"):
        await conversation.hear(**dict(turn))
    if came_back:
        await stores[1].facts.keep(conversation.id, "", {CONTACT_ANEW: "yes"})
    for turn in ({"intent": "begin"}, {"choice": "find_help"}, {"choice": "refer"}):
        await conversation.hear(**turn)
    assert (await conversation.hear(choice="service_1"))[-1] == asked


@pytest.mark.parametrize(("came_back", "shown"), [(True, False), (False, True)])
async def test_a_form_half_done_before_shows_no_number(talk, stores, came_back, shown):
    """Whoever uses the code on a shared computer is shown no brief with the number in it."""
    conversation = await talk("chat")
    for turn in way_to("consent_answer"):
        await conversation.hear(**dict(turn))
    if came_back:
        await stores[1].facts.keep(conversation.id, "", {CONTACT_ANEW: "yes"})
    said = await conversation.hear(intent="thank")
    assert ("consent_brief" in said) is shown
    known = await stores[1].facts.of(conversation.id)
    assert (known["contact_number"] != "skip") is shown
