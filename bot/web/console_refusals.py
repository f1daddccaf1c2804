# SPDX-License-Identifier: Apache-2.0
"""Notices and refusals of the console, each by its code: what happened, and what to do."""

from __future__ import annotations

NOTICES = {
    "taken": "Somebody else accepted that person a moment before you. Nothing was sent by you.",
    "ended": "You ended the conversation. Its words go within minutes, unless a flag holds them.",
    "handed_back": "The automated helper has that person again. They were told so.",
    "set_up": "Your account is set up. Sign in with your name and your new password.",
    "signed_out": "You are signed out, here and everywhere else.",
    "sent": "Noted: sent.",
    "taken_back": "Noted: taken back.",
    "noted": "Noted.",
    "going": "It is being sent once more.",
    "withdrawn": "Noted. What the service has is to be taken back.",
    "parted": "You left that conversation. Its worker is still there.",
    "kept_away": "You are kept away from that person. They are back in the queue for a colleague.",
    "gone": "That person is no longer in the queue.",
    "went": "The number went. Ask them whether it came.",
    "may_have_gone": "It may have gone: ask them before you send again.",
}
# Refusals: the status, and what to do.
REFUSALS = {
    "elsewhere": (403, "The console does not answer here."),
    "second_factor": (
        403,
        "This console needs a second factor. Sign out, ask for a new set-up link and set up an "
        "app.",
    ),
    "locked": (423, "This console is locked. Open it with your PIN."),
    "wrong_pin": (403, "That is not it. After five tries you are signed out here."),
    "bad_code": (
        422,
        "Those six digits are not the ones the app shows now. Wait for the next ones and try "
        "again.",
    ),
    "signed_out": (401, "You are signed out. Sign in again."),
    "role": (403, "Your role may not do this. If it should, ask an administrator."),
    "form": (403, "That form was too old to be used. Open the page again and repeat it."),
    "sign_in": (
        403,
        "That name, password and code do not go together. After five tries an account is locked "
        "for 15 minutes, also for the right password.",
    ),
    "set_up_link": (
        404,
        "This set-up link was used already, is older than 48 hours, or was never one. Ask for a "
        "new one: fingerpost staff add.",
    ),
    "short_password": (422, "The password needs 12 characters or more. Three odd words do well."),
    "bad_password": (422, "That password will not do: it is your name, or longer than 200."),
    "not_the_same": (422, "The two passwords are not the same. Write them again."),
    "bad_pin": (
        422,
        "That PIN will not do. Take 4 to 8 digits, not all the same, not a run such as 1234, and "
        "not one that a colleague may have.",
    ),
    "unknown": (
        404,
        "That conversation is over, or waits in the queue again. Its words are not shown here.",
    ),
    "not_yours": (403, "You do not have this person. Accept them in the queue first."),
    "taken": (409, NOTICES["taken"]),
    "closed": (409, "That conversation has closed. Nothing can be sent to the person any more."),
    "review": (403, "A closed conversation is opened by a safeguarding lead only."),
    "ask_first": (
        422,
        "Ask them first whether they want the automated helper again. Without a yes, stay, or ask "
        "a colleague to take over.",
    ),
    "sure": (422, "A danger heard here still stands. Say that you are sure."),
    "verdict_first": (422, "First say of each flag whether it was right, wrong or old."),
    "owed_first": (
        422,
        "A promise or a task is still open. Do it, or pass the person on, and mark it as done.",
    ),
    "unknown_note": (404, "That is not there to be done any more."),
    "empty_note": (422, "There is nothing written to keep."),
    "unknown_colleague": (422, "Choose a colleague who takes people."),
    "on_the_line": (
        409,
        "You talk with them by telephone, and a call is not passed on from this page. Stay on the "
        "line.",
    ),
    "no_interpreter": (
        409,
        "No interpreter could be rung. You need to be on the telephone with this person first. If "
        "you are, ring your interpreting service yourself.",
    ),
    "excluded": (403, "That member of staff is kept away from this person."),
    "passed_on": (403, "A colleague has that person now."),
    "no_reason": (422, "Choose a reason that fits."),
    "short_reference": (
        422, "Give four letters of the reference or more, or the whole name or number.",
    ),
    "unknown_tier": (422, "Choose how soon they are to be seen: another one than now."),
    "unknown_verdict": (422, "Say right, wrong or old."),
    "unknown_answer": (422, "Choose what they answered."),
    "no_answer_reason": (422, "Choose the reason for their no."),
    "answered": (409, "That was answered already, or the person has changed their mind."),
    "unknown_outcome": (422, "Choose how it ended."),
    "empty": (422, "There is nothing in the box to send."),
    "too_long": (422, "That is too long for one message. Send it in two."),
    "too_many": (429, "Too many pages of this console are open. Close some."),
    "not_stored": (503, "The database did not answer. Nothing was sent. Try again."),
    "trouble": (500, "That did not work, and nothing was sent. Try again."),
}
