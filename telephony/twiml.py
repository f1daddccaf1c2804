# SPDX-License-Identifier: Apache-2.0
"""What Twilio is told to do, built only with Twilio's own builder, which escapes every word.

Nothing here records, and no address, name or hint holds anything personal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from twilio.twiml.voice_response import Conference, Connect, Dial, Gather, VoiceResponse

from bot.policy.pace import sentences
from bot.telephone_settings import LANGUAGE, VOICE
from telephony.asking import Ask
from telephony.recogniser import on_socket
from telephony.tongues import MAKER
from telephony.tongues import VOICE as OTHER

LONGEST_SAY = 3000
"""Twilio takes 4096 characters in one <Say>; longer words are said in several."""
SLOWLY, PAUSE = "80%", 1
"""How fast, and how many seconds after each sentence, for whoever asked us to go slower."""
PATIENT = 1200
"""Milliseconds of silence that end what somebody says on a socket, which has one patience [J]."""
SLOW_TURN = 5
"""Seconds of silence that end a turn of somebody who types to an assistant of Relay UK [J]."""
NEVER_RECORD = "do-not-record"
RING_FOR = 20


class Twiml:
    """What Twilio is told, in the voice and to the ear of the settings.

    `voice` and `model` are names of Twilio's; model "" lets Twilio pick who listens.
    """

    def __init__(self, voice: str = VOICE, model: str = "") -> None:
        self.voice, self.model = voice, model

    def ask(self, asked: Ask) -> str:
        """Say something and listen. Never ends the call, whatever is or is not heard."""
        response = VoiceResponse()
        if asked.firmly:
            first = self._gather(asked.early or asked.action, keys=True, timeout=1)
            # Emergency words keep to their six seconds; a consent, with its early key, does not.
            self.say(first, asked.firmly, slow=asked.slow and bool(asked.early))
            response.append(first)
        main = self._gather(
            asked.action, keys=asked.keys, number=asked.number, most=asked.most, empty=True,
            timeout=asked.timeout, ends_after=_ends_after(asked), hints=asked.hints,
        )  # fmt: skip
        said = main
        if asked.patient and asked.then:
            said = self._gather(
                asked.action, keys=True, timeout=1, number=asked.number, most=asked.most
            )
            response.append(said)
        # Who knows no English waits for no more of it than the first words.
        self.say(said, asked.then[:1], slow=asked.slow)
        for text, locale, voice, _ in asked.tongues:
            said.say(text, language=locale, voice=voice)
        self.say(said, asked.then[1:], slow=asked.slow)
        response.append(main)
        response.redirect(asked.action, method="POST")
        return str(response)

    def relay(self, url: str, done: str, word: str, codes: Sequence[str] = ()) -> str:
        """Let a call go on by a socket of ours, and at `done` however that ends.

        Nothing is greeted here: Twilio keeps what stands in this document. Interruptions and
        back-channels are ignored where they are small, so that a sob stops no sentence [J].
        `codes` are the other languages of which a name is said.
        """
        response, named = VoiceResponse(), on_socket(self.model, self.voice)
        connect = Connect(action=done, method="POST")
        made = connect.conversation_relay(
            url=url, language=LANGUAGE, tts_provider=named.tts, voice=named.voice,
            transcription_provider=named.transcription, speech_model=named.model,
            profanity_filter=False, dtmf_detection=True, interruptible="any", preemptible=False,
            report_input_during_agent_speech="any", interrupt_sensitivity="low",
            ignoreBackchannel=True, speechTimeout=PATIENT, events="speaker-events",
        )  # fmt: skip
        for code in codes:
            made.language(code=code, tts_provider=MAKER, voice=OTHER.format(code=code))
        made.parameter(name="place", value=word)
        response.append(connect)
        response.redirect(done, method="POST")
        return str(response)

    def end(self, words: Sequence[str]) -> str:
        """Say the last words and end the call."""
        response = VoiceResponse()
        self.say(response, words)
        response.hangup()
        return str(response)

    def join(self, words: Sequence[str], back: str, wait: str, ref: str, label: str) -> str:
        """Put a leg into the conference. Whoever leaves ends it: nobody sits in dead air."""
        response = VoiceResponse()
        self.say(response, words)
        dial = Dial(action=back, method="POST", record=NEVER_RECORD)
        _conference(dial, ref, label, wait=wait, starts=label == "worker")
        response.append(dial)
        response.redirect(back, method="POST")
        return str(response)

    def beside(self, ref: str, label: str = "person", *, ends: bool = True) -> str:
        """Put one more into the conference with the worker. It holds no word, ever.

        `ends`: their leaving ends it, as for who was rung back.
        """
        response = VoiceResponse()
        dial = Dial(record=NEVER_RECORD)
        _conference(dial, ref, label, wait="", starts=False, ends=ends)
        response.append(dial)
        response.hangup()
        return str(response)

    def wait(self, words: Sequence[str], seconds: int, again: str) -> str:
        """Say how it stands to somebody waiting, and ask again in a moment."""
        response = VoiceResponse()
        self.say(response, words)
        response.pause(length=seconds)
        response.redirect(again, method="POST")
        return str(response)

    def worker(
        self, words: Sequence[str], action: str, *, one_key: bool, last: Sequence[str] = ()
    ) -> str:
        """Ask a worker for keys, twice; no key is a no, and a voicemail hears nothing else."""
        response = VoiceResponse()
        for _ in range(2):
            gather = Gather(
                input="dtmf", action=action, method="POST", timeout=6, finish_on_key="#",
                **({"num_digits": 1} if one_key else {}),
            )  # fmt: skip
            self.say(gather, words)
            response.append(gather)
        self.say(response, last)
        response.hangup()
        return str(response)

    def say(
        self, into: VoiceResponse | Gather, words: Sequence[str], *, slow: bool = False
    ) -> None:
        """Say each of these, cut at sentences where it is long; `slow`: with a pause after each."""
        for text in words:
            for part in sentences(text) if slow else _parts(text):
                if slow:
                    into.say(language=LANGUAGE, voice=self.voice).prosody(part, rate=SLOWLY)
                    into.pause(length=PAUSE)
                else:
                    into.say(part, language=LANGUAGE, voice=self.voice)

    def _gather(
        self, action: str, *, keys: bool, timeout: int, number: bool = False, most: int = 0,
        empty: bool = False, ends_after: int = 1, hints: Sequence[str] = (),
    ) -> Gather:  # fmt: skip
        """Listen; whatever is listened for stops the words in here.

        So what only a key may stop is said where keys alone are taken: Twilio does not say whether
        a key stops anything once barge-in is off.
        """
        options: dict[str, object] = {"num_digits": 1, "finish_on_key": ""}
        if number:
            options = {"finish_on_key": "#"} | ({"num_digits": most} if most else {})
        if not keys:
            options |= {
                "language": LANGUAGE, "profanity_filter": False, "speech_timeout": str(ends_after),
            }  # fmt: skip
            options |= {"speech_model": self.model} if self.model else {}
            options |= {"hints": ", ".join(hints)} if hints else {}
        return Gather(
            input="dtmf" if keys else "dtmf speech", action=action, method="POST",
            timeout=timeout, barge_in=True, action_on_empty_result=empty, **options,
        )  # fmt: skip


def _ends_after(asked: Ask) -> int:
    """Return the seconds of silence that end what somebody says: a story has pauses [J]."""
    if asked.patient:
        return SLOW_TURN
    return 2 if asked.free else 1


def _conference(
    dial: Dial, ref: str, label: str, *, wait: str, starts: bool, ends: bool = True
) -> Conference:
    return dial.conference(
        ref, beep=False, record=NEVER_RECORD, participant_label=label, wait_url=wait,
        wait_method="POST", start_conference_on_enter=starts, end_conference_on_exit=ends,
    )  # fmt: skip


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for sentence in re.split(r"(?<=[.!?]) ", text.strip()):
        if parts and len(parts[-1]) + len(sentence) < LONGEST_SAY:
            parts[-1] += f" {sentence}"
        else:
            parts += [sentence[i : i + LONGEST_SAY] for i in range(0, len(sentence), LONGEST_SAY)]
    return parts
