# SPDX-License-Identifier: Apache-2.0
"""Does somebody tell what they never did or never got: "ive never told anyone", "nobody rang me"?

Pure. Such words have a "not" and a telling or a ringing in them, as the words have that take a note
or a call back, and they take nothing back.
"""

from __future__ import annotations

import re

_I = r"(?:i|ive|id|i have|i had|we|weve)"
_DID_NOT = (
    r"(?:cant|cannot|can not|could not|couldnt|dont|do not|did not|didnt|wont|wouldnt|never|havent"
    r"|have not|hadnt|(?:am|was) not able to|dont dare(?: to)?)"
)
_BETWEEN = (
    r"(?: (?:ever|even|really|just|actually|to|afford|bear|face|get|go|through|bring|myself|dare"
    r"|able|talk|or|feel|like))"
)
_TELLS = (
    re.compile(
        rf"\b{_I} (?:\w+ )?{_DID_NOT}{_BETWEEN}*"
        r" (?:tell|told|give|gave|given|share|shared|pass|passed|send|sent|refer|ring|rang|rung"
        r"|ringing|call|calling|called|phone|phoned|contact|contacted|get in touch|got in touch)\b"
    ),
    re.compile(
        r"(?:^(?:never|havent|didnt)|\b(?:i|ive|we|weve|still) (?:still )?(?:never|dont|havent"
        r"|didnt|not)) (?:ever |even |really |once )*"
        r"(?:get|got|had|heard|hear|receive|received|been)\b"
    ),
    re.compile(
        r"(?<!want )(?<!let )\b(?:nobody|no one|noone)(?: \w+){0,3}? (?:told|tells|gave|gives|given"
        r"|shared|passed|sent|sends|referred|contacted|phones|rings|calls|(?:got|gets|been|was) in"
        r" touch|answers?|answered|picks?|picked)\b"
    ),
    re.compile(r"\b(?:nobody|no one|noone) (?:i|we|to (?:tell|call|ring))\b"),
    re.compile(r"\bstill no (?:phone )?call|\bno (?:phone )?calls?(?: ?back)? (?:yet|so far)\b"),
    re.compile(
        r"^(?:still )?(?:not|never|havent)(?: yet| even| ever)* (?:rung|rang|called|phoned"
        r"|contacted|told)\b"
    ),
    re.compile(r"\bcontact(?:ed)? (?:by|with|from) (?:him|her|my|his)\b"),
    re.compile(
        r"\b(?:was|were|been|got|ive|im|is|are) (?:never|not)(?: been| even| ever| being)*"
        r" (?:sent|referred|told|given|passed|contacted|rung|called|phoned)\b"
    ),
    re.compile(r"\b(?:get|getting|got) in touch with (?!me|us)\w+"),
    re.compile(r"\bwhen(?:ever)? (?:i|we) (?:ring|rang|call|called|phone|phoned)\b"),
    re.compile(r"\bgiv(?:e|ing) (?:it|that|this|them) (?:up|much|any|a|another|time)\b"),
    re.compile(r"^(?:still )?(?:cant|couldnt) (?:afford|bear|face|get through)\b"),
    # What somebody cannot send to us, or does not believe will come, is no wish about it.
    re.compile(r"^(?:cant|cannot|couldnt) (?:send|share|give|pass|upload)\b"),
    re.compile(r"\b(?:dont|do not|didnt) (?:think|believe|expect|reckon|suppose) (?:they|anyone"
               r"|anybody|anything|you will|youll|you would|youd|youre going)\b"),
)


def tells(words: str) -> bool:
    """Say whether normalised words tell what was not told or not got."""
    return any(pattern.search(words) for pattern in _TELLS)
