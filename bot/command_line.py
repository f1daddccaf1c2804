# SPDX-License-Identifier: Apache-2.0
"""What `fingerpost` can be told: every command, its words and its help."""

from __future__ import annotations

import argparse

from bot.policy.roles import ROLES


def parser() -> argparse.ArgumentParser:
    """Return the commands and their help."""
    top = argparse.ArgumentParser(
        prog="fingerpost", description="A chat and telephone service for victims of crime."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    up = add("up", "start the whole service and watch it")
    up.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    up.add_argument("--port", type=int, help="port to listen on (default 8080)")
    add("train", "build the dialogue model if it is not current")
    screen = add("screen", "read messages, one a line, and print what is heard in each as JSON")
    screen.add_argument("--channel", choices=("chat", "voice"), default="chat")
    add("chat", "talk to the running service in this terminal")
    call = add("call", "ring the running service from this terminal, by signed Twilio posts")
    call.add_argument("--script", help="file with one thing to say or key a line")
    staff = add("staff", "accounts of staff").add_subparsers(dest="staff", required=True)
    new = staff.add_parser("add", help="make an account and print its one-time set-up link")
    new.add_argument("name")
    new.add_argument("--role", choices=ROLES, default="worker")
    audit = add("audit", "who of staff saw or did what").add_subparsers(dest="audit", required=True)
    digest = audit.add_parser("digest", help="print one day of the audit with its digest, as JSON")
    digest.add_argument("--day", help="a day such as 2026-11-27 (default: yesterday)")
    add("retain", "erase what has been kept as long as we said")
    for name, text in (("erase", "erase one conversation"), ("export", "print one conversation")):
        add(name, text).add_argument("id")
    rota = add("rota", "who is on duty when").add_subparsers(dest="rota", required=True)
    rota.add_parser("check", help="say what is wrong, and when nobody is on duty in 14 days")
    routes = add("routes", "how services take notes").add_subparsers(dest="routes", required=True)
    routes.add_parser("check", help="say each service's route, and what one still lacks")
    drill = add("drill", "ask the running service for a person, as a test, and time the pages")
    drill.add_argument("--danger", action="store_true", help="the most urgent tier")
    drill.add_argument(
        "--within", type=float, default=300.0, metavar="SECONDS",
        help="how long somebody has to say that they have it; 0: only the pages (default 300)",
    )  # fmt: skip
    add("review", "list approved answers, scripts and exercises, those due to be looked at first")
    of_directory = add("directory", "the directory of services").add_subparsers(
        dest="directory", required=True
    )
    text = (
        "list what of the directory is to be verified by telephone, what matters most first, and "
        "which need, topic and group has no service by telephone, online or in an area. "
        "Exit codes: 0 nothing that people are told is due, 1 something is, or the directory "
        "cannot be read, 2 wrongly asked for."
    )
    check = of_directory.add_parser("check", help="list what is to be verified", description=text)
    check.add_argument("--json", action="store_true", help="the same for another program")
    check.add_argument("--folder", help="another directory than the one in data/directory")
    add("demo", "show the service with invented people, on ports and data of its own")
    bench = add("bench", "measure this service beside Rasa's default set-up")
    bench.add_argument("--quick", action="store_true", help="a short run, for a first look")
    bench.add_argument("--calls", action="store_true", help="how long 20 callers at once wait")
    return top
