# SPDX-License-Identifier: Apache-2.0
"""Whether a number somebody gave may ever be rung, and if not, the reason.

Emergency and premium numbers are refused: a callback must never ring 999 or cost anybody money
(design, section 5, rule 7). The reasons are codes; their wording is in the words files.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

REGION = "GB"
EMERGENCY = frozenset("999 112 911 55 18000 111 101 999999 9999".split())
# Crown Dependencies have their own dialling rules but the same country code and free movement.
OURS = ("GB", "GG", "JE", "IM")
COSTLY = (
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.PAGER,
)
# Digits in the shortest UK number that is anybody's own, the leading 0 included.
SHORTEST = 10
# To a number like these a text is read out aloud, by a machine, to whoever picks up.
FIXED = (PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP, PhoneNumberType.UAN)
REASONS = ("emergency", "premium", "short", "invalid", "foreign", "landline")


@dataclass(frozen=True)
class Number:
    """A number read from what somebody typed or said; exactly one of the two is filled."""

    e164: str = ""
    refused: str = ""


def shown(e164: str) -> str:
    """Return a number as people here write and say it: +447400123456 is 07400 123456."""
    found = phonenumbers.parse(e164, REGION)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.NATIONAL)


def read(text: str) -> Number:
    """Return the one number in a text, or the reason why it may not be rung."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(c for c in plain if c.isdigit())
    if digits in EMERGENCY:
        return Number(refused="emergency")
    found = [match.number for match in phonenumbers.PhoneNumberMatcher(plain, REGION)]
    if not found and (spread := _spread(plain)):
        found = [spread]
    if len({(n.country_code, n.national_number) for n in found}) > 1:
        return Number(refused="invalid")
    if not found:
        return Number(refused="short" if len(digits) < SHORTEST else "invalid")
    return _judged(found[0], len(digits))


def to_text(text: str) -> Number:
    """Return the one number in a text, or the reason why no text may be sent to it."""
    found = read(text)
    if found.e164 and phonenumbers.number_type(phonenumbers.parse(found.e164)) in FIXED:
        return Number(refused="landline")
    return found


def _spread(plain: str) -> phonenumbers.PhoneNumber | None:
    """Return a number written or said digit by digit ("0 7 7 double oh ..." is left to people)."""
    kept = "".join(c for c in plain if c.isdigit() or c == "+")
    try:
        return phonenumbers.parse(kept, REGION)
    except NumberParseException:
        return None


def _judged(number: phonenumbers.PhoneNumber, given: int) -> Number:
    kind = phonenumbers.number_type(number)
    if kind in COSTLY:
        return Number(refused="premium")
    if not phonenumbers.is_valid_number(number):
        return Number(refused="short" if given < SHORTEST else "invalid")
    if phonenumbers.region_code_for_number(number) not in OURS:
        return Number(refused="foreign")
    return Number(e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
