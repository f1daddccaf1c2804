# SPDX-License-Identifier: Apache-2.0
"""What this deployment was told: one frozen object read from the environment.

Missing and bad names are reported together, so that whoever sets the service up mends them once.
"""

from __future__ import annotations

import base64
import logging
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot import telephone_settings
from bot.own_key import own_key

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The environment cannot be used; `problems` holds one plain line for each bad name."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything a deployment may set. Times are seconds; judgements [J] wait for sign-off."""

    var: Path
    host: str = "127.0.0.1"
    port: int = 8080
    rasa_port: int = 5005
    actions_port: int = 5055
    health_port: int = 8081
    database_url: str = ""
    keys_url: str = ""
    redis_url: str = ""
    public_url: str = ""
    console_url: str = ""
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    service_name: str = "Support line"
    area: str = ""
    sms_line: bool = False
    on_call: str = field(default="", repr=False)
    rota: str = ""
    routes: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    webhook_secret: str = field(default="", repr=False)
    sends: str = ""
    leave_url: str = "https://www.bbc.co.uk/weather"
    twilio_account_sid: str = ""
    twilio_auth_tokens: tuple[str, ...] = field(default=(), repr=False)
    twilio_api_key: str = ""
    twilio_api_secret: str = field(default="", repr=False)
    twilio_number: str = ""
    twilio_base_url: str = ""
    conversation_relay: bool = False
    voice: str = telephone_settings.VOICE
    speech_model: str = ""
    interpreter: str = ""
    answer_within: float = 4.0
    replay_within: float = 600.0
    nobody_after: float = 60.0
    staff_sends_within: float = 10.0
    waiting_told_every: float = 180.0
    idle_closes_after: float = 2 * 3600.0
    code_closes_after: float = 24 * 3600.0
    leave_closes_after: float = 30 * 60.0
    hit_held_for: float = 72 * 3600.0
    screen_idle_after: float = 180.0
    console_locks_after: float = 600.0
    advice: str = field(default="", repr=False)
    consent_kept_for: float = 42 * 86400.0

    @property
    def queue_url(self) -> str:
        """Where staff open the queue, as a page tells them."""
        found = self.console_url or f"http://127.0.0.1:{self.port}"
        return f"{found.rstrip('/')}/staff"

    @property
    def rasa_url(self) -> str:
        """Where our own Rasa listens; never another machine's address."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Where our own action server listens; never another machine's address."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def local_key(self) -> str:
        """The word our own processes say to each other on the loopback, derived from the secret."""
        return base64.urlsafe_b64encode(derive(self.secret_keys[0], "local")).decode()


def derive(secret: str, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, so that no two uses share a key."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, b"fingerpost:" + purpose.encode()).derive(secret.encode())


NAMES = {
    "FINGERPOST_DATABASE_URL": "database_url",
    "FINGERPOST_KEYS_URL": "keys_url",
    "FINGERPOST_REDIS_URL": "redis_url",
    "FINGERPOST_PUBLIC_URL": "public_url",
    "FINGERPOST_CONSOLE_URL": "console_url",
    "FINGERPOST_ADVICE": "advice",
    "FINGERPOST_SERVICE_NAME": "service_name",
    "FINGERPOST_AREA": "area",
    "FINGERPOST_ON_CALL": "on_call",
    "FINGERPOST_ROTA": "rota",
    "FINGERPOST_ROUTES": "routes",
    "FINGERPOST_SMTP_URL": "smtp_url",
    "FINGERPOST_MAIL_FROM": "mail_from",
    "FINGERPOST_WEBHOOK_SECRET": "webhook_secret",
    "FINGERPOST_SENDS": "sends",
    "FINGERPOST_LEAVE_URL": "leave_url",
    "FINGERPOST_HOST": "host",
    "FINGERPOST_VOICE": "voice",
    "FINGERPOST_SPEECH_MODEL": "speech_model",
    "FINGERPOST_INTERPRETER": "interpreter",
    "TWILIO_ACCOUNT_SID": "twilio_account_sid",
    "TWILIO_API_KEY": "twilio_api_key",
    "TWILIO_API_SECRET": "twilio_api_secret",
    "TWILIO_NUMBER": "twilio_number",
    "TWILIO_BASE_URL": "twilio_base_url",
}
NUMBERS = {
    "FINGERPOST_PORT": ("port", int),
    "FINGERPOST_RASA_PORT": ("rasa_port", int),
    "FINGERPOST_ACTIONS_PORT": ("actions_port", int),
    "FINGERPOST_HEALTH_PORT": ("health_port", int),
    "FINGERPOST_NOBODY_AFTER": ("nobody_after", float),
    "FINGERPOST_STAFF_SENDS_WITHIN": ("staff_sends_within", float),
    "FINGERPOST_IDLE_CLOSES_AFTER": ("idle_closes_after", float),
    "FINGERPOST_LEAVE_CLOSES_AFTER": ("leave_closes_after", float),
    "FINGERPOST_SCREEN_IDLE_AFTER": ("screen_idle_after", float),
    "FINGERPOST_CONSOLE_LOCKS_AFTER": ("console_locks_after", float),
}
PORTS = ("port", "rasa_port", "actions_port")
OTHERS = ("FINGERPOST_VAR", "FINGERPOST_SECRET_KEYS", "FINGERPOST_LOG_LEVEL")
# What may stand behind the "?" of a PostgreSQL address; the driver fails on anything else.
POSTGRESQL_MAY_SAY = {"host", "port", "ssl"}
DIALLED = re.compile(r"\+[1-9]\d{7,14}")
SMTP = re.compile(r"smtps?://(?:[^\s:@/]+:[^\s@/]*@)?[^\s:@/]+(?::\d{1,5})?/?")
ADDRESSES = {
    "FINGERPOST_PUBLIC_URL": (re.compile(r"https?://.*"), "start with https:// (or http://)"),
    "FINGERPOST_CONSOLE_URL": (
        re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?/?"),
        "be like https://staff.example.org",
    ),
    "FINGERPOST_LEAVE_URL": (re.compile(r"https://.*"), "start with https://"),
}
AREAS = ("", "avon_and_somerset", "devon_and_cornwall")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this environment, or raise SettingsError naming every bad one."""
    environ = os.environ if environ is None else environ
    found: dict[str, Any] = {
        target: environ[name].strip() for name, target in NAMES.items() if environ.get(name)
    }
    problems = _numbers(environ, found) + _unknown(environ)
    problems += _bad(environ, found) + _calling(found)
    problems += telephone_settings.switches(environ, found) + telephone_settings.problems(found)
    if problems:
        raise SettingsError(problems)
    var = Path(environ.get("FINGERPOST_VAR") or ROOT / "var")
    for name, file in (("database_url", "fingerpost.db"), ("keys_url", "keys.db")):
        found[name] = database_url(str(found.get(name) or f"sqlite:///{var / file}"))
    return Settings(
        var=var,
        secret_keys=_listed(environ, "FINGERPOST_SECRET_KEYS") or (_own_key(var),),
        twilio_auth_tokens=_listed(environ, "TWILIO_AUTH_TOKEN"),
        **found,
    )


def database_url(given: str) -> str:
    """Return a database's address with the driver it needs; raise ValueError if it is none."""
    scheme, _, rest = given.partition("://")
    if scheme in ("sqlite", "sqlite+aiosqlite") and len(rest) > 1 and rest.startswith("/"):
        return f"sqlite+aiosqlite://{rest}"
    parts = urlsplit(given)
    query = {"ssl" if k == "sslmode" else k: v for k, v in parse_qsl(parts.query)}
    known = scheme in ("postgres", "postgresql", "postgresql+asyncpg")
    if not known or parts.port == 0 or query.keys() - POSTGRESQL_MAY_SAY:
        raise ValueError(scheme)
    rest = rest.partition("?")[0]
    return f"postgresql+asyncpg://{rest}" + (f"?{urlencode(query)}" if query else "")


def _listed(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def _numbers(environ: Mapping[str, str], found: dict[str, object]) -> list[str]:
    problems = []
    for name, (target, cast) in NUMBERS.items():
        if environ.get(name):
            try:
                number = found[target] = cast(environ[name])
            except ValueError:
                problems.append(f"{name} must be a number.")
                continue
            if cast is int and not 1 <= number <= 65535:
                problems.append(f"{name} must be a port: a number from 1 to 65535.")
            if cast is float and not 0 < number < math.inf:
                problems.append(f"{name} must be a number of seconds above 0.")
    ports = {name: found.get(name, getattr(Settings, name)) for name in PORTS}
    if len(set(ports.values())) < len(ports):
        problems.append(
            "FINGERPOST_PORT, FINGERPOST_RASA_PORT and FINGERPOST_ACTIONS_PORT must differ."
        )
    return problems


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {*NAMES, *NUMBERS, *telephone_settings.SWITCHES, *OTHERS}
    return [
        f"{name} is not a setting of Fingerpost. Check its spelling."
        for name in sorted(environ)
        if name.startswith("FINGERPOST_") and name not in known
    ]


def _bad(environ: Mapping[str, str], found: Mapping[str, object]) -> list[str]:
    problems = []
    if found.get("area", "") not in AREAS:
        problems.append(f"FINGERPOST_AREA must be one of: {', '.join(AREAS[1:])}.")
    for name, (pattern, like) in ADDRESSES.items():
        if (given := str(found.get(NAMES[name], ""))) and not pattern.fullmatch(given):
            problems.append(f"{name} must {like}.")
    for name in ("FINGERPOST_DATABASE_URL", "FINGERPOST_KEYS_URL"):
        try:
            database_url(str(found.get(NAMES[name], "sqlite:///a.db")))
        except ValueError:
            problems.append(f"{name} must be like postgresql://user:word@host/name, or sqlite:///FILE.")
    dialled = {"FINGERPOST_ON_CALL": _listed(environ, "FINGERPOST_ON_CALL"),
               "FINGERPOST_INTERPRETER": (str(found.get("interpreter", "")),),
               "TWILIO_NUMBER": (str(found.get("twilio_number", "")),)}  # fmt: skip
    for name, numbers in dialled.items():
        if any(number and not DIALLED.fullmatch(number) for number in numbers):
            problems.append(f"{name} must be written like +441171234567, with no spaces.")
    if environ.get("FINGERPOST_LOG_LEVEL", "INFO") not in ("", *logging.getLevelNamesMapping()):
        problems.append("FINGERPOST_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    if any(len(key) < 32 for key in _listed(environ, "FINGERPOST_SECRET_KEYS")):
        problems.append("FINGERPOST_SECRET_KEYS: each key must be 32 characters or longer.")
    return problems


def _calling(found: Mapping[str, object]) -> list[str]:
    """Return what is wrong with how staff are called."""
    problems = []
    for name, like in (("rota", "paging/rota"), ("routes", "referral/routes")):
        if found.get(name) and not Path(str(found[name])).is_file():
            named = f"FINGERPOST_{name.upper()} must name a file"
            problems.append(f"{named}: see data/{like}-example.yml.")
    if found.get("smtp_url") and not SMTP.fullmatch(str(found["smtp_url"])):
        problems.append("FINGERPOST_SMTP_URL must be like smtps://user:word@host:465, or smtp://.")
    elif bool(found.get("smtp_url")) != ("@" in str(found.get("mail_from", ""))):
        problems.append("FINGERPOST_SMTP_URL and FINGERPOST_MAIL_FROM (an address) go together.")
    if not {*str(found.get("sends", "")).split(",")} <= {"", "text", "email"}:
        problems.append("FINGERPOST_SENDS must be text, email, or text,email.")
    if 0 < len(str(found.get("webhook_secret", ""))) < 32:
        problems.append("FINGERPOST_WEBHOOK_SECRET must be 32 characters or longer.")
    return problems


def _own_key(var: Path) -> str:
    """Return the key this machine made for itself at its first start."""
    key = own_key(path := var / "secret.key")
    if len(key) < 32:
        raise SettingsError(
            [
                f"{path} holds no whole key. Put its backup there; only if nothing is kept yet, "
                "delete it and a new one is made."
            ]
        )
    return key
