# SPDX-License-Identifier: Apache-2.0
"""The exchange's end of real SIP calls (pjsip), on the loopback: rings, picks up, carries sound."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

import pjsua2 as pj

from tests.telephone.ports import RTP, RTP_RANGE, SIP
from tests.telephone.sound import FRAME, RATE

SILENCE = pj.ByteVector(bytes(FRAME))
EVERY = 0.01
# pjsip's own thread may still be at what Python would free: nothing is, until the process ends.
KEPT: list[object] = []


class Ear(pj.AudioMediaPort):
    """Where one call's sound comes and goes: `play` is what it is told, `frames` what it says."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.frames: deque[bytes] = deque(maxlen=50 * 600)
        self._out: deque[bytes] = deque()
        how = pj.MediaFormatAudio()
        how.init(pj.PJMEDIA_FORMAT_PCM, RATE, 1, 20000, 16)
        KEPT.append(self)
        self.createPort(name, how)  # from here on pjsip's thread calls

    def play(self, sound: bytes) -> None:
        """Say this after what is being said."""
        whole = sound + bytes(-len(sound) % FRAME)
        self._out.extend(whole[i : i + FRAME] for i in range(0, len(whole), FRAME))

    def hush(self) -> None:
        """Stop at once."""
        self._out.clear()

    @property
    def playing(self) -> bool:
        """Say whether something is being said."""
        return bool(self._out)

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:  # noqa: N802 - pjsip's name
        """Give pjsip the next 20 milliseconds. Called by its own thread."""
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        try:
            frame.buf = pj.ByteVector(self._out.popleft())
        except IndexError:
            frame.buf = SILENCE

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:  # noqa: N802 - pjsip's name
        """Take 20 milliseconds from pjsip. Called by its own thread."""
        self.frames.append(bytes(frame.buf) if frame.size else bytes(FRAME))


class Wire(pj.Call):
    """One SIP call. `up` is set once both ends hear each other, `down` once it is over."""

    def __init__(self, line: pj.Account, known: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(line, known)
        KEPT.append(self)
        self.up, self.down = asyncio.Event(), asyncio.Event()
        self.ear: Ear | None = None
        self.media: pj.AudioMedia | None = None
        self.pressed: Callable[[str], None] = lambda key: None
        self.code = 0

    def onCallState(self, prm: pj.OnCallStateParam) -> None:  # noqa: N802 - pjsip's name
        """Take in that the call began or ended."""
        now = self.getInfo()
        if now.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.code = now.lastStatusCode
            self.down.set()

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802
        """Connect the ear once there is sound."""
        now = self.getInfo()  # kept: pjsip frees what nobody holds
        if self.up.is_set() or not any(
            m.type == pj.PJMEDIA_TYPE_AUDIO and m.status == pj.PJSUA_CALL_MEDIA_ACTIVE
            for m in now.media
        ):
            return
        self.media, self.ear = self.getAudioMedia(-1), Ear(f"ear {now.id}")
        self.media.startTransmit(self.ear)
        self.ear.startTransmit(self.media)
        self.up.set()

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:  # noqa: N802 - pjsip's name
        """Take in a key."""
        self.pressed(prm.digit)

    def pick_up(self) -> None:
        """Answer a call that came in."""
        how = pj.CallOpParam()
        how.statusCode = pj.PJSIP_SC_OK
        self.answer(how)

    def hang_up(self) -> None:
        """End it, if it is not over."""
        if not self.down.is_set():
            with contextlib.suppress(pj.Error):
                self.hangup(pj.CallOpParam())

    def between(self, other: Wire, together: bool) -> None:
        """Let two calls hear each other, or no longer."""
        for one, two in ((self, other), (other, self)):
            if one.media is None or two.media is None or one.down.is_set() or two.down.is_set():
                continue
            with contextlib.suppress(pj.Error):
                if together:
                    one.media.startTransmit(two.media)
                else:
                    one.media.stopTransmit(two.media)


class Line(pj.Account):
    """The exchange's address; `rings` is told of each call that comes in."""

    def __init__(self, rings: Callable[[Wire], None]) -> None:
        super().__init__()
        self._rings = rings

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:  # noqa: N802 - pjsip's name
        """Hand a new call over."""
        self._rings(Wire(self, prm.callId))


class Sip:
    """pjsip, moved along from the event loop so that nothing of ours runs beside it."""

    def __init__(self, port: int, rings: Callable[[Wire], None]) -> None:
        self._end = pj.Endpoint()
        self._end.libCreate()
        how = pj.EpConfig()
        how.logConfig.level = how.logConfig.consoleLevel = 0
        how.uaConfig.maxCalls = 16
        how.uaConfig.threadCnt, how.uaConfig.mainThreadOnly = 0, True
        how.medConfig.clockRate = how.medConfig.sndClockRate = RATE
        how.medConfig.noVad, how.medConfig.ecTailLen = True, 0
        self._end.libInit(how)
        self._end.audDevManager().setNullDev()
        at = pj.TransportConfig()
        at.port, at.boundAddress, at.publicAddress = port, "127.0.0.1", "127.0.0.1"
        self._end.transportCreate(pj.PJSIP_TRANSPORT_UDP, at)
        self._end.libStart()
        for codec in self._end.codecEnum2():
            self._end.codecSetPriority(codec.codecId, 200 if "PCMU" in codec.codecId else 0)
        us = pj.AccountConfig()
        us.idUri = f"sip:exchange@127.0.0.1:{port}"
        us.mediaConfig.transportConfig.port = port + RTP - SIP
        us.mediaConfig.transportConfig.portRange = RTP_RANGE
        us.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        us.mediaConfig.transportConfig.publicAddress = "127.0.0.1"
        self._line = Line(rings)
        self._line.create(us)
        self._moves = asyncio.create_task(self._move())

    def ring(self, address: str) -> Wire:
        """Ring a telephone."""
        wire = Wire(self._line)
        wire.makeCall(address, pj.CallOpParam(True))
        return wire

    async def close(self) -> None:
        """Hang up whatever is up. pjsip itself ends with the process."""
        self._end.hangupAllCalls()
        await asyncio.sleep(0.5)
        self._moves.cancel()

    async def _move(self) -> None:
        while True:
            self._end.libHandleEvents(1)
            await asyncio.sleep(EVERY)
