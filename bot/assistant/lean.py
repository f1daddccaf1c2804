# SPDX-License-Identifier: Apache-2.0
"""Lets Rasa be imported without libraries it names at the top and that we never run.

RulePolicy and our own components need no TensorFlow, no chat platforms and no cloud clients, yet
importing Rasa pulls them in: more than half of its start and of its memory (docs/adr/0005). In
their place stand empty modules whose classes can be named and inherited from but never made, so
that a model which does need one fails loudly instead of answering wrongly.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

UNUSED = frozenset(
    # the neural policies and featurisers, and what they draw with
    ["tensorflow", "keras", "matplotlib"]
    # chat platforms whose channels we do not open
    + ["aiogram", "fbmessenger", "slack_sdk", "webexteamssdk", "twilio", "socketio"]
    # storage and brokers that are not ours
    + ["boto3", "botocore", "pymongo", "bson", "aio_pika", "aiormq", "google", "cachecontrol"]
    # its own command line and token login
    + ["sanic_jwt", "questionary", "prompt_toolkit"]
)


class _Absent(type):
    """The class of every name in an unused library: it can be passed about, not used."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(name)


def _absent(name: str) -> type:
    def refuse(self: object, *args: object, **kwargs: object) -> None:
        raise ImportError(f"{name} is left out of this process (bot/assistant/lean.py)")

    body = {"__init__": refuse, "__class_getitem__": classmethod(lambda cls, item: cls)}
    return _Absent(name, (), body)


def _function(*args: Any, **kwargs: Any) -> Any:
    """Stand for `tensorflow.function`, which Rasa uses as a decorator while it is imported."""
    bare = len(args) == 1 and callable(args[0]) and not kwargs
    return args[0] if bare else (lambda decorated: decorated)


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _function if name == "function" else _absent(name)
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name.split(".")[0] in UNUSED:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__path__ = []


def leave_out() -> None:
    """Leave the unused libraries out of this process. Call before the first import of rasa."""
    if any(name in sys.modules for name in ("rasa", "tensorflow")):
        return  # too late to save anything, and mixing real and empty modules would be wrong
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
