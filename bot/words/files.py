# SPDX-License-Identifier: Apache-2.0
"""What the words files hold, read and checked: all mistakes are reported together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from bot.policy.information import Answer
from bot.policy.turn import Kind, Medium
from bot.words import checked, information

CHOICES, ANSWERS, INFORMATION = "choices.yml", "answers.yml", "information"
GAP = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_FIELDS = {"chat", "voice", "kind", "choices"}


class WordsError(Exception):
    """The words asked for cannot be said, or the files that hold them are wrong."""


@dataclass(frozen=True)
class Entry:
    """One name in the words files: its text by medium, how it is shown, what it offers."""

    texts: Mapping[Medium, str]
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()


@dataclass
class Files:
    """Everything read from one folder; `mistakes` is empty when all of it is well formed."""

    entries: dict[str, Entry] = field(default_factory=dict)
    labels: dict[str, dict[Medium, str]] = field(default_factory=dict)
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    checked: dict[str, checked.Checked] = field(default_factory=dict)
    information: list[Answer] = field(default_factory=list)
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
    for path in [*sorted(folder.glob("*.yml")), *sorted((folder / INFORMATION).glob("*.yml"))]:
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
    take = {CHOICES: _label, ANSWERS: _answer}.get(file, _entry)
    if file.startswith(f"{INFORMATION}/"):
        take = _information
    for name, value in held.items():
        wrong = take(files, name, value)
        files.mistakes += [f"{file}: {name}: {mistake}" for mistake in wrong]


def _entry(files: Files, name: str, value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["must hold chat, voice, kind or choices"]
    wrong = [f"unknown field {extra}" for extra in sorted(set(value) - _FIELDS)]
    if name in files.entries:
        wrong.append("is in another file too")
    texts = _texts(value, wrong)
    kind = value.get("kind", Kind.TEXT.value)
    if kind not in set(Kind):
        wrong.append(f"unknown kind {kind}")
    choices = value.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(key, str) for key in choices):
        wrong.append("choices must be a list of keys")
    elif len(set(choices)) < len(choices):
        wrong.append("offers one choice twice")
    if not wrong:
        files.entries[name] = Entry(texts, Kind(kind), tuple(choices))
    return wrong


def _information(files: Files, name: str, value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["must hold the sentences and where they are from"]
    answer, wrong = information.read(name, value)
    said = {key: text for key, text in value.items() if key in information.SAID}
    wrong += _entry(files, f"info_{name}", said)
    files.information += [answer] if answer else []
    return wrong


def _label(files: Files, name: str, value: Any) -> list[str]:
    if not isinstance(value, dict):
        return ["must hold chat and voice"]
    wrong = [f"unknown field {extra}" for extra in sorted(set(value) - {"chat", "voice"})]
    files.labels[name] = _texts(value, wrong)
    return wrong


def _answer(files: Files, name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        return ["must be a list of phrases"]
    files.answers[name] = tuple(value)
    return []


def _texts(value: dict[str, Any], wrong: list[str]) -> dict[Medium, str]:
    """The text for each medium; the one that is not written is the same as the other."""
    written = {medium: value[medium.value] for medium in Medium if medium.value in value}
    for medium, text in written.items():
        if not isinstance(text, str) or not text.strip():
            wrong.append(f"{medium.value} is empty")
        elif "{" in GAP.sub("", text) or "}" in GAP.sub("", text):
            wrong.append(f"{medium.value} has a gap that is not a plain name")
    if not written:
        wrong.append("has no text")
        return {}
    either = next(iter(written.values()))
    return {medium: " ".join(str(written.get(medium, either)).split()) for medium in Medium}


def _check_choices(files: Files) -> None:
    for name, entry in files.entries.items():
        for key in entry.choices:
            if key not in files.labels:
                files.mistakes.append(f"{name}: offers {key}, which {CHOICES} does not hold")
    for name in files.answers:
        question, _, key = name.rpartition(".")
        if key not in files.labels:
            files.mistakes.append(f"{ANSWERS}: {name}: is not a choice in {CHOICES}")
        if question and not any(
            fnmatchcase(said, question) and key in entry.choices
            for said, entry in files.entries.items()
        ):
            files.mistakes.append(f"{ANSWERS}: {name}: no such question offers that choice")
