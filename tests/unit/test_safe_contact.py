# SPDX-License-Identifier: Apache-2.0
"""Who may be reached, where, when and for what: every row of the table, and the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.callback import (
    BOOKED,
    DONE,
    HELD,
    MOST_ATTEMPTS,
    MOST_MISSED,
    OUTCOMES,
    OVER,
    after,
    after_missed,
)
from bot.policy.hours import WEEKDAYS
from bot.policy.safe_contact import (
    CALLBACK,
    MEDIA,
    PARTS,
    REASONS,
    SOMEBODY_ELSE,
    Permit,
    Plan,
    Refusal,
    Window,
    ever,
    inside,
    next_window,
    permits,
    refuses,
)

LONDON = ZoneInfo("Europe/London")
NUMBER = "+447400123456"


def london(*when: int, fold: int = 0) -> float:
    return datetime(*when, tzinfo=LONDON, fold=fold).timestamp()


MORNING = london(2026, 11, 27, 10, 0)
PLAN = Plan(
    media={"call": "yes"}, number=NUMBER, windows=(PARTS["morning"],), purposes=(CALLBACK,),
    expires_at=MORNING + 42 * 86400,
)  # fmt: skip
VOICEMAIL = replace(PLAN, media={"call": "yes", "voicemail": "yes"})


@pytest.mark.parametrize("plan,medium", [
    (PLAN, "call"), (VOICEMAIL, "voicemail"), (replace(PLAN, media={"text": "yes"}), "text"),
    (replace(PLAN, expires_at=MORNING + 60), "call"),
    (replace(PLAN, unknown_numbers="yes"), "call"),
    # Hearing from us at an odd hour gives nobody away where nothing rings or shows.
    (replace(PLAN, media={"email": "yes"}, addresses={"email": NUMBER}, windows=()), "email"),
])  # fmt: skip
def test_what_is_permitted(plan, medium):
    assert permits(plan, medium, NUMBER, MORNING, CALLBACK) == Permit(medium, NUMBER, CALLBACK)


ROWS = [
    ("no_plan", None, {}),
    ("unknown_medium", PLAN, {"medium": "fax"}),
    ("withdrawn", replace(PLAN, withdrawn=True), {}),
    ("given_by_another", replace(PLAN, given_by=SOMEBODY_ELSE), {}),
    ("held", replace(PLAN, held=True), {}),
    ("expired", replace(PLAN, expires_at=MORNING), {}),
    ("other_purpose", PLAN, {"purpose": "survey"}),
    ("other_purpose", replace(PLAN, purposes=()), {}),
    ("said_no", replace(PLAN, media={"call": "no"}), {}),
    ("not_asked", replace(PLAN, media={}), {}),
    ("not_asked", PLAN, {"medium": "text"}),
    ("not_asked", PLAN, {"medium": "voicemail"}),
    ("said_no", replace(PLAN, media={"call": "yes", "voicemail": "no"}), {"medium": "voicemail"}),
    # Leave for a voice message is no leave to ring.
    ("not_asked", replace(PLAN, media={"voicemail": "yes"}), {"medium": "voicemail"}),
    ("said_no", replace(PLAN, media={"call": "no", "voicemail": "yes"}), {"medium": "voicemail"}),
    ("no_address", replace(PLAN, number=""), {}),
    ("no_address", replace(PLAN, media={"letter": "yes"}), {"medium": "letter"}),
    ("other_address", PLAN, {"number": "+447400123457"}),
    ("emergency", replace(PLAN, number="999"), {"number": "999"}),
    ("premium", replace(PLAN, number="+449098790001"), {"number": "+449098790001"}),
    ("short", replace(PLAN, number="07400"), {"number": "07400"}),
    ("invalid", replace(PLAN, number="+4407400123456789"), {"number": "+4407400123456789"}),
    ("foreign", replace(PLAN, number="+33612345678"), {"number": "+33612345678"}),
    ("premium", replace(PLAN, number="+33899701234"), {"number": "+33899701234"}),
    # A text to it is read out aloud, by a machine, to whoever picks up.
    ("landline", replace(PLAN, media={"text": "yes"}, number="+441174960123"),
     {"medium": "text", "number": "+441174960123"}),
    ("unknown_blocked", replace(PLAN, unknown_numbers="no"), {}),
    ("no_times", replace(PLAN, windows=()), {}),
    ("outside_times", PLAN, {"now": london(2026, 11, 27, 8, 59)}),
    ("outside_times", PLAN, {"now": london(2026, 11, 27, 12, 0)}),
    ("outside_times", replace(PLAN, windows=(Window("09:00", "12:00", ("SA",)),)), {}),
]


@pytest.mark.parametrize("reason,plan,asked", ROWS)
def test_every_refusal_by_its_name(reason, plan, asked):
    call = {"medium": "call", "number": NUMBER, "now": MORNING, "purpose": CALLBACK} | asked
    assert permits(plan, **call) == Refusal(reason)


def test_no_reason_goes_untested():
    assert {reason for reason, _, _ in ROWS} == set(REASONS)


def test_a_landline_may_be_rung():
    plan = replace(PLAN, number="+441174960123")
    assert isinstance(permits(plan, "call", plan.number, MORNING, CALLBACK), Permit)


def test_leave_for_another_hour_is_leave_and_for_no_hour_is_none():
    assert isinstance(ever(PLAN, "call", london(2026, 11, 27, 23, 0), CALLBACK), Permit)
    assert ever(replace(PLAN, windows=()), "call", MORNING, CALLBACK) == Refusal("no_times")
    assert ever(PLAN, "text", MORNING, CALLBACK) == Refusal("not_asked")


@pytest.mark.parametrize("medium", MEDIA)
def test_an_empty_plan_permits_nothing(medium):
    assert isinstance(permits(Plan(), medium, "", MORNING, CALLBACK), Refusal)


@given(
    media=st.dictionaries(st.sampled_from(MEDIA), st.sampled_from(("yes", "no", "not_asked"))),
    medium=st.sampled_from(MEDIA),
    now=st.floats(1.7e9, 2.0e9),
    parts=st.lists(st.sampled_from(sorted(PARTS)), max_size=3),
    withdrawn=st.booleans(),
    held=st.booleans(),
)
def test_a_permit_is_only_ever_for_what_was_said_yes_to(media, medium, now, parts, withdrawn, held):
    plan = replace(
        PLAN, media=media, windows=tuple(PARTS[p] for p in parts), withdrawn=withdrawn, held=held,
        addresses={"email": NUMBER, "letter": NUMBER, "visit": NUMBER}, expires_at=1.9e9,
    )  # fmt: skip
    found = permits(plan, medium, NUMBER, now, CALLBACK)
    if isinstance(found, Permit):
        assert media[medium] == "yes" and not withdrawn and not held and now < 1.9e9
        assert medium in ("email", "letter") or inside(plan.windows, now)


# -- clocks ------------------------------------------------------------------------------------

EVENING = (PARTS["evening"],)


@pytest.mark.parametrize("now,begins,ends", [
    # Before, in and after the window of an ordinary day.
    (london(2026, 11, 27, 9, 0), (2026, 11, 27, 17, 0), (2026, 11, 27, 20, 0)),
    (london(2026, 11, 27, 18, 0), (2026, 11, 27, 18, 0), (2026, 11, 27, 20, 0)),
    (london(2026, 11, 27, 20, 0), (2026, 11, 28, 17, 0), (2026, 11, 28, 20, 0)),
    # Clocks go forward on 29 March 2026 and back on 25 October: five in the evening stays five.
    (london(2026, 3, 28, 21, 0), (2026, 3, 29, 17, 0), (2026, 3, 29, 20, 0)),
    (london(2026, 10, 24, 21, 0), (2026, 10, 25, 17, 0), (2026, 10, 25, 20, 0)),
])  # fmt: skip
def test_the_next_safe_time(now, begins, ends):
    assert next_window(EVENING, now) == (london(*begins), london(*ends))


def test_a_window_that_is_nearly_over_is_left_for_the_next():
    late = london(2026, 11, 27, 19, 45)
    assert next_window(EVENING, late, at_least=1800) == (
        london(2026, 11, 28, 17, 0),
        london(2026, 11, 28, 20, 0),
    )


def test_seven_in_the_evening_by_the_wrong_zone_is_not_in_the_window():
    summer = datetime(2026, 7, 1, 19, 30, tzinfo=UTC).timestamp()  # 20:30 in London
    assert not inside(EVENING, summer)


def test_no_windows_have_no_next():
    assert next_window((), MORNING) is None


@pytest.mark.parametrize("opens,closes", [
    ("12:00", "09:00"), ("09:00", "09:00"), ("01:00", "09:00"), ("00:30", "01:30"),
])  # fmt: skip
def test_a_window_that_a_clock_change_could_move_is_none(opens, closes):
    with pytest.raises(ValueError):
        Window(opens, closes)


hours = st.sampled_from([h for h in range(24) if h != 1])
minutes = st.sampled_from((0, 15, 30, 59))
clocks = st.tuples(hours, minutes).map(lambda c: f"{c[0]:02}:{c[1]:02}")
windows = st.lists(
    st.tuples(clocks, clocks, st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    .filter(lambda w: w[0] < w[1])
    .map(lambda w: Window(w[0], w[1], tuple(sorted(w[2])))),
    min_size=1, max_size=3,
)  # fmt: skip
CHANGES = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
moments = st.one_of(
    st.floats(1.7e9, 2.0e9),
    st.tuples(st.sampled_from(CHANGES), st.integers(-3000, 3000)).map(
        lambda c: (c[0] + timedelta(minutes=c[1])).timestamp()
    ),
)


@given(windows=windows, now=moments, within=st.floats(0, 0.999))
def test_every_moment_of_the_next_safe_time_is_safe(windows, now, within):
    found = next_window(windows, now)
    assert found is not None, "some window opens within a week"
    begins, ends = found
    assert now <= begins < ends
    assert inside(windows, begins + (ends - begins) * within)


@given(windows=windows, now=moments)
def test_who_is_in_a_safe_time_waits_for_none(windows, now):
    if inside(windows, now):
        assert next_window(windows, now)[0] == now


# -- what forbids something that is asked for now ----------------------------------------------


@pytest.mark.parametrize("plans,medium,why", [
    ([], "text", ""),
    ([PLAN], "text", ""),
    ([replace(PLAN, expires_at=0.0)], "text", ""),
    ([replace(PLAN, withdrawn=True)], "text", "withdrawn"),
    ([replace(PLAN, withdrawn=True, held=True), PLAN], "text", ""),
    ([replace(PLAN, held=True), PLAN], "text", "held"),
    ([PLAN, replace(PLAN, held=True)], "email", "held"),
    ([replace(PLAN, media={"text": "no"}), PLAN], "text", "said_no"),
    ([replace(PLAN, media={"text": "no"})], "email", ""),
    ([replace(PLAN, media={"text": "no"}, withdrawn=True), PLAN], "text", ""),
])  # fmt: skip
def test_what_was_said_before_forbids_what_is_asked_for_now(plans, medium, why):
    assert refuses(plans, medium) == why


# -- what follows from a call ------------------------------------------------------------------


@pytest.mark.parametrize("outcome,attempts,state", [
    ("reached", 1, DONE),
    ("no_answer", 1, BOOKED),
    ("no_answer", MOST_ATTEMPTS - 1, BOOKED),
    ("no_answer", MOST_ATTEMPTS, OVER),
    ("wrong_voice", 1, HELD),
    ("unsafe", 1, HELD),
    ("near_miss", 1, HELD),
    ("not_rung", 1, BOOKED),
])  # fmt: skip
def test_what_follows_from_how_a_call_went(outcome, attempts, state):
    assert after(outcome, attempts) == state


def test_every_outcome_leads_somewhere_and_no_other():
    assert all(after(outcome, 1) for outcome in OUTCOMES)
    with pytest.raises(KeyError):
        after("left_a_note", 1)


@pytest.mark.parametrize("missed,state", [(1, BOOKED), (MOST_MISSED, HELD)])
def test_safe_times_that_went_by_come_to_a_person(missed, state):
    assert after_missed(missed) == state
