# SPDX-License-Identifier: Apache-2.0
"""A telephone that somebody holds: baresip, told what to do over its control port.

It is a program of other people's, which knows nothing of the exchange but its SIP address. It
writes down what it hears and what it says; those recordings are what the test listens to.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from pathlib import Path

from tests.telephone.process import start, stop
from tests.telephone.sound import APART, BYTES_A_SECOND, Heard, Sound, stretches, write

LONGEST = 400
"""Seconds of silence after what is said: baresip hangs up at the end of a file."""
HEADER = 44
"""Bytes before the sound in baresip's recordings, which are read while they are written."""
QUIET = 3.5
"""Seconds of silence after which somebody who listens takes it that they may speak."""
MODULES, APPS = ("g711", "aufile", "aubridge", "sndfile"), ("account", "menu", "ctrl_tcp")
STATES = {"CALL_INCOMING": "ringing", "CALL_ESTABLISHED": "up", "CALL_CLOSED": "idle"}
WHERE_MODULES_ARE = ("/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules")


class Phone:
    """One telephone on the loopback. It takes four ports: SIP, one above it, control, sound."""

    def __init__(self, name: str, port: int, exchange: str, home: Path, sound: Sound) -> None:
        self.name, self.address = name, f"sip:{name}@127.0.0.1:{port}"
        self._port, self._exchange, self._sound = port, exchange, sound
        self._home = home / name
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reads: asyncio.Task[None] | None = None
        self._events: asyncio.Queue[str] = asyncio.Queue()
        self.happened: list[tuple[float, str]] = []
        self.did: list[tuple[float, str]] = []
        self._listened = self._recognised = self._files = 0
        self._words: list[Heard] = []

    async def start(self) -> None:
        """Switch it on."""
        self._home.mkdir(parents=True)
        silence = self._home / "silence.wav"
        write(silence, bytes(LONGEST * BYTES_A_SECOND))
        (self._home / "config").write_text(self._config(silence))
        (self._home / "accounts").write_text(
            f"<{self.address}>;regint=0;answermode=manual;audio_codecs=PCMU/8000/1\n"
        )
        (self._home / "contacts").write_text("")
        self._process = await start(
            "baresip", "-f", str(self._home), log=self._home / "log", cwd=self._home
        )
        for _ in range(100):
            with contextlib.suppress(OSError):
                reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port + 4)
                self._reads = asyncio.create_task(self._read(reader))
                return
            await asyncio.sleep(0.1)
        raise RuntimeError(f"the telephone of {self.name} did not start")

    async def stop(self) -> None:
        """Switch it off."""
        if self._reads is not None:
            self._reads.cancel()
        if self._writer is not None:
            self._writer.close()
        await stop(self._process, within=5)

    # -- what its owner does -----------------------------------------------------------------

    async def dial(self) -> None:
        """Ring the service and wait until it answers."""
        self.did.append((time.monotonic(), "rings the line"))
        self._command("dial", self._exchange)
        await self.until("CALL_ESTABLISHED")

    async def rings(self, within: float = 45) -> None:
        """Wait until it rings."""
        await self.until("CALL_INCOMING", within)

    async def pick_up(self) -> None:
        """Answer it, at this ring or at the next."""
        for _ in range(30):
            self._command("accept")
            with contextlib.suppress(TimeoutError):
                await self.until("CALL_ESTABLISHED", 1)
                break
        else:
            raise TimeoutError(f"{self.name} could not pick up")
        self.did.append((time.monotonic(), "picks up"))

    async def press(self, keys: str) -> None:
        """Press keys, one after another."""
        self.did.append((time.monotonic(), f"presses {' '.join(keys)}"))
        for key in keys:
            self._command("sndcode", key)
            await asyncio.sleep(0.35)

    async def say(self, text: str) -> None:
        """Say something, to its end."""
        words = await self._sound.speak(text)
        self._files += 1
        path = self._home / f"said-{self._files}.wav"
        write(path, words + bytes(LONGEST * BYTES_A_SECOND))
        self.did.append((time.monotonic(), f"says: {text}"))
        self._command("ausrc", f"aufile,{path}")
        await asyncio.sleep(len(words) / BYTES_A_SECOND)

    async def hang_up(self) -> None:
        """Put the receiver down."""
        self.did.append((time.monotonic(), "hangs up"))
        self._command("hangup")
        await self.over()

    async def over(self, within: float = 30) -> None:
        """Wait until the call is over."""
        await self.until("CALL_CLOSED", within)

    async def until(self, event: str, within: float = 30) -> None:
        """Wait for something to happen to it."""
        while await asyncio.wait_for(self._events.get(), within) != event:
            pass

    # -- what it wrote down ------------------------------------------------------------------

    async def listens(self, until: str = "", within: float = 60) -> str:
        """Listen until the line falls quiet, and return the words heard since the last time.

        `until`: a pattern; once it was heard, nothing more is waited for.
        """
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            await asyncio.sleep(0.2)
            await self._catch_up()
            new = self._words[self._listened :]
            then = self.hears()[self._recognised :][: int(QUIET * BYTES_A_SECOND)]
            quiet = len(then) >= QUIET * BYTES_A_SECOND and not stretches(then)
            words = " ".join(heard.words for heard in new)
            known = until and re.search(until, words, re.IGNORECASE)
            if known or (new and quiet):
                self._listened = len(self._words)
                return words
        raise TimeoutError(f"{self.name} heard nothing to its end")

    def hears(self) -> bytes:
        """Return the sound of its call up to now, as this telephone heard it."""
        return self._recorded("dec")

    def speaks(self) -> bytes:
        """Return the sound of its call up to now, as this telephone sent it."""
        return self._recorded("enc")

    async def heard(self) -> list[Heard]:
        """Return what was heard in its call, recognised."""
        await self._catch_up(APART)
        return self._words

    async def _catch_up(self, more: float = 0.0) -> None:
        """Recognise what was heard to its end since the last time; `more`: seconds that follow."""
        new = self.hears()[self._recognised :] + bytes(int(more * BYTES_A_SECOND))
        begins = self._recognised
        for a, b in stretches(new):
            if len(new) - b < (APART - 0.1) * BYTES_A_SECOND:
                break
            self._recognised = begins + b
            words = await self._sound.recognise(new[a:b])
            at = (begins + a) / BYTES_A_SECOND, (begins + b) / BYTES_A_SECOND
            self._words.append(Heard(*at, words))

    @property
    def began(self) -> float:
        """When its call began."""
        return next((at for at, what in self.happened if what == "CALL_ESTABLISHED"), 0.0)

    def saw(self, event: str) -> bool:
        """Say whether something happened to it."""
        return any(what == event for _, what in self.happened)

    @property
    def state(self) -> str:
        """Say how it is now: idle, ringing or up."""
        known = [STATES[what] for _, what in self.happened if what in STATES]
        return known[-1] if known else "idle"

    def _recorded(self, way: str) -> bytes:
        found = sorted(self._home.glob(f"dump-*-{way}.wav"))
        sound = found[-1].read_bytes()[HEADER:] if found else b""
        return sound[: len(sound) // 2 * 2]

    # -- parts -------------------------------------------------------------------------------

    def _config(self, silence: Path) -> str:
        where = next(p for p in WHERE_MODULES_ARE if Path(p).is_dir())
        lines = [
            f"sip_listen 127.0.0.1:{self._port}", "net_interface 127.0.0.1",
            f"rtp_ports {self._port + 10}-{self._port + 18}",
            "audio_player aubridge,nothing", f"audio_source aufile,{silence}",
            "ausrc_srate 8000", "auplay_srate 8000", "ausrc_channels 1", "auplay_channels 1",
            f"ctrl_tcp_listen 127.0.0.1:{self._port + 4}", f"snd_path {self._home}",
            f"module_path {where}", "call_max_calls 1",
            *(f"module {name}.so" for name in MODULES), *(f"module_app {name}.so" for name in APPS),
        ]  # fmt: skip
        return "\n".join(lines) + "\n"

    def _command(self, command: str, params: str = "") -> None:
        body = json.dumps({"command": command, "params": params}).encode()
        assert self._writer is not None
        self._writer.write(b"%d:%b," % (len(body), body))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Take its news: netstrings of JSON."""
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                size = int((await reader.readuntil(b":"))[:-1])
                news = json.loads((await reader.readexactly(size + 1))[:-1])
                if news.get("event"):
                    self.happened.append((time.monotonic(), news["type"]))
                    self._events.put_nowait(news["type"])
