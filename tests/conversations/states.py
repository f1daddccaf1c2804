# SPDX-License-Identifier: Apache-2.0
"""Every question of every form, and how a person gets to it."""

from __future__ import annotations

START = ({"intent": "begin"}, {"choice": "find_help"})
NEEDS = (
    ("needs_topic", {"choice": "sexual_violence"}),
    ("needs_reported", {"choice": "yes"}),
    ("needs_who", {"choice": "for_family"}),
    ("needs_age_band", {"choice": "25_59"}),
    ("needs_area", {"choice": "devon_and_cornwall"}),
    ("needs_audience", {"choice": "anyone"}),
    ("needs_need", {"choice": "need_home"}),
    ("needs_need_much", {"choice": "a_lot"}),
    ("needs_stage", {"choice": "looking_into"}),
    ("needs_when", {"choice": "last_year"}),
    ("needs_access", {"choice": "nothing"}),
)
REFERRAL = (
    ("referral_service", {"choice": "service_1"}),
    ("referral_agrees", {"choice": "yes"}),
    ("referral_contact_safe", {"choice": "yes"}),
    ("referral_contact_number", {"intent": "provide_detail", "text": "07400 123456"}),
    ("referral_contact_voicemail", {"choice": "yes"}),
    ("referral_contact_when", {"choice": "evening"}),
)
# A call from a worker here: the same form, and four questions more.
CALLBACK = (
    *(step for step in REFERRAL[1:] if step[0] != "referral_agrees"),
    ("referral_contact_days", {"choice": "weekend"}),
    ("referral_contact_cover", {"choice": "cover_wrong_number"}),
    ("referral_contact_unknown", {"choice": "yes"}),
    ("referral_contact_code_word", {"intent": "provide_detail", "text": "rainbow"}),
    ("referral_contact_stop_word", {"intent": "provide_detail", "text": "is that the garage"}),
)
# No number is safe, and a service may write instead: by a text, or by an e-mail.
WRITTEN = (
    ("referral_contact_by", {"choice": "text"}),
    ("referral_contact_private", {"choice": "yes"}),
    ("referral_contact_text", {"intent": "provide_detail", "text": "07400 123456"}),
    ("referral_contact_words", {"choice": "words_open"}),
    ("referral_contact_text_when", {"choice": "morning"}),
)
MAILED = (
    ("referral_contact_by", {"choice": "email"}),
    ("referral_contact_private", {"choice": "yes"}),
    ("referral_contact_email", {"intent": "provide_detail", "text": "its ada@example.org"}),
)
# What to call them is asked of who asks for themselves alone.
CALLED = ("referral_called", {"intent": "provide_detail", "text": "call me Ada"})
NO_NUMBER = (*REFERRAL[:2], ("referral_contact_safe", {"choice": "no"}))
CONSENT = (("consent_answer", {"choice": "yes"}),)

QUESTIONS = {
    **{slot: "needs" for slot, _ in NEEDS},
    **{slot: "referral" for slot, _ in (*REFERRAL, *WRITTEN, *MAILED, CALLED, *CALLBACK)},
    **{slot: "consent" for slot, _ in CONSENT},
}


def way_to(question: str) -> list[dict]:
    """Return the turns after which `question` is open."""
    if question == CALLED[0]:
        own = [{"choice": "for_me"} if s == "needs_who" else dict(a) for s, a in NEEDS]
        asked = [dict(answer) for slot, answer in REFERRAL if slot != "referral_agrees"]
        return [*START, *own, {"choice": "refer"}, *asked]
    for ways in (WRITTEN, MAILED):
        if question in dict(ways):
            turns = list(START)
            for slot, answer in (*NEEDS, (None, {"choice": "refer"}), *NO_NUMBER, *ways):
                if slot == question:
                    return turns
                turns.append(dict(answer))
    turns = list(START)
    for slot, answer in (*NEEDS, (None, {"choice": "refer"}), *REFERRAL, *CONSENT):
        if slot == question:
            return turns
        turns.append(dict(answer))
    turns = [START[0], {"intent": "ask_callback"}, {"choice": "callback"}]
    for slot, answer in CALLBACK:
        if slot == question:
            return turns
        turns.append(dict(answer))
    raise KeyError(question)
