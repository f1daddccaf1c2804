# SPDX-License-Identifier: Apache-2.0
"""What the words files hold, read and checked: all mistakes are reported together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from bot.policy.exercise import Exercise
from bot.policy.information import Answer
from bot.policy.scripts import Script
from bot.policy.turn import Medium
from bot.words import checked, entry, exercises, information, scripts
from bot.words.entry import GAP, Entry

CHOICES, ANSWERS = "choices.yml", "answers.yml"
FOLDERS = ("information", "scripts", "exercises")


class WordsError(Exception):
    """The words asked for cannot be said, or the files that hold them are wrong."""


@dataclass
class Files:
    """Everything read from one folder; `mistakes` is empty when all of it is well formed."""

    entries: dict[str, Entry] = field(default_factory=dict)
    labels: dict[str, dict[Medium, str]] = field(default_factory=dict)
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    checked: dict[str, checked.Checked] = field(default_factory=dict)
    information: list[Answer] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    version: str = ""
    mistakes: list[str] = field(default_factory=list)


class _Plain(yaml.SafeLoader):
    """YAML where `yes`, `no` and `1` stay the words they are, and a key given twice is refused."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise yaml.constructor.ConstructorError(
                None, None, f"given twice: {', '.join(twice)}", node.start_mark
            )
        return super().construct_mapping(node, deep)


def read(folder: Path) -> Files:
    """Read every file of the folder. Raises WordsError with all mistakes, each with its file."""
    files, digest = Files(), hashlib.sha256()
    inside = (path for name in FOLDERS for path in sorted((folder / name).glob("*.yml")))
    for path in [*sorted(folder.glob("*.yml")), *inside]:
        content = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + content + b"\0")
        try:
            held = yaml.load(content, Loader=_Plain) or {}  # noqa: S506 - a SafeLoader
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            files.mistakes.append(f"{path.name}: {str(error).splitlines()[0]}")
            continue
        if not isinstance(held, dict):
            files.mistakes.append(f"{path.name}: not a list of names")
            continue
        _take(files, path.relative_to(folder).as_posix(), held)
    if not files.entries:
        files.mistakes.append(f"no words found in {folder}")
    exercises.join(files)
    _check_choices(files)
    files.checked, wrong = checked.read(folder, files, GAP.findall)
    files.mistakes += wrong
    for path in sorted((folder / "checked").glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    if files.mistakes:
        raise WordsError("The words files are wrong:\n" + "\n".join(files.mistakes))
    files.version = digest.hexdigest()[:12]
    return files


def _take(files: Files, file: str, held: dict[str, Any]) -> None:
    take = {
        CHOICES: _label, ANSWERS: _answer, "information": _information,
        "scripts": scripts.take, "exercises": exercises.take,
    }.get(file.partition("/")[0], entry.take)  # fmt: skip
    for name, value in held.items():
        wrong = take(files, name, value)
        files.mistakes += [f"{file}: {name}: {mistake}" for mistake in wrong]


def _information(files: Files, name: str, value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["must hold the sentences and where they are from"]
    answer, wrong = information.read(name, value)
    said = {key: text for key, text in value.items() if key in information.SAID}
    wrong += entry.take(files, f"info_{name}", said)
    files.information += [answer] if answer else []
    return wrong


def _label(files: Files, name: str, value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["must hold chat and voice"]
    wrong = [f"unknown field {extra}" for extra in sorted(set(value) - {"chat", "voice"})]
    files.labels[name] = entry.texts(value, wrong)
    return wrong


def _answer(files: Files, name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        return ["must be a list of phrases"]
    files.answers[name] = tuple(value)
    return []


def _check_choices(files: Files) -> None:
    for name, held in files.entries.items():
        for key in held.choices:
            if key not in files.labels:
                files.mistakes.append(f"{name}: offers {key}, which {CHOICES} does not hold")
    for name in files.answers:
        question, _, key = name.rpartition(".")
        if key not in files.labels:
            files.mistakes.append(f"{ANSWERS}: {name}: is not a choice in {CHOICES}")
        if question and not any(
            fnmatchcase(said, question) and key in held.choices
            for said, held in files.entries.items()
        ):
            files.mistakes.append(f"{ANSWERS}: {name}: no such question offers that choice")
