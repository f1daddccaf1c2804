# SPDX-License-Identifier: Apache-2.0
"""May somebody have changed their mind about what they agreed to? It is asked, never acted on.

Read only beside a call or a note that stands, where a needless question costs one "no" and a
missed one a call that rings while he is home. What is plain is `withdrawing`'s to act on.
"""

from __future__ import annotations

import re

from bot.policy.answer import normalise

LIKELY = 0.05
"""From here on the model's own doubt is enough to ask. Of ordinary lines, in which nothing was
agreed to, fewer than one in two hundred reach it (`docs/understanding.md`)."""

_REGRETS = (
    r"chang(?:ed|ing|e) (?:my|our) minds?|second thoughts?|thought (?:better|about it)"
    r"|(?:not|nt|never|wish i hadnt|regret) (?:have |of )?(?:said|agreed|signed|given)"
    r"|regret \w+ing yes|(?:said yes|agreed) (?:too|by mistake|but)|panicked|cold feet"
    r"|too (?:fast|hasty)|gone off|going off (?:it|the idea)|back(?:ed)? out|pull(?:ing)? out"
    r"|bottled it|too late to (?:say no|stop|cancel|change)"
)
_UNDOES = (
    r"cancel\w*|withdraw\w*|call(?:ed|ing)? (?:it|that|this|the \w+|them|everything) (?:all )?off"
    r"|tak(?:e|ing) (?:\w+ ){0,3}?(?:back|off)|un ?agree|un ?tick|un ?do|scrap|ditch"
    r"|(?:bin|tear up|tore up|rub out|remove|delete) (?:me|us|my|it|that|them)"
    r"|(?:tear|rub) (?:it|that) (?:up|out|all out)"
    r"|(?:forget|drop|skip|stop|pause|halt) (?:it|that|this|them|all|everything"
    r"|the (?:call|whole|lot))|leave (?:it|that|this) (?:out|there|be|alone)|call it a day"
)
_UNWANTED = (
    r"(?:do|does|did)(?:nt| not) (?:want|need|wish)|no (?:longer|need|more|thank you|thanks)"
    r"|neednt|need not|dont bother|wont be need\w+|had enough|(?:keep|kept) (?:it|this|that) to"
    r"|not (?:any ?more|keen|bothered|interested|comfortable|happy|ready)|between us"
    r"|(?:rather|sooner|prefer) (?:you |they |it |that |to )*(?:not|didnt|nobody|leave|keep)"
    r"|(?:nobody|no one|noone) (?:to |should |must |can )?(?:know|see|ring|call|phone|come)"
    r"|(?:mustnt|must not|shouldnt|should not|better not) (?:ring|call|send|pass|share|tell)"
)
_MAY = re.compile(rf"\b(?:{_REGRETS}|{_UNDOES}|{_UNWANTED})\b")
_BY_OTHER_MEANS = re.compile(r"\b(?:text|texts|texting|e ?mail|emails?|whatsapp|letters?)\b")


def may(text: str, likely: float) -> bool:
    """Say whether to ask. `likely`: how likely the model takes it to be taken back, 0 to 1."""
    words = normalise(text)
    wanted = likely >= LIKELY or _MAY.search(words) is not None
    return wanted and not _BY_OTHER_MEANS.search(words)
