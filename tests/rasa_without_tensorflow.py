# SPDX-License-Identifier: Apache-2.0
"""Imports Rasa as the served process does, then leaves no empty module behind for other tests.

The empty modules stand for twilio and others too, which some tests need for real. Rasa keeps its
own references to them, so they can go from the table of modules once it is imported.
"""

from __future__ import annotations

import sys

from bot import logs
from bot.assistant import lean

logs.configure("ERROR")  # Rasa prints every message otherwise, here as in the served process
before = set(sys.modules)
lean.leave_out()

import rasa.model_training  # noqa: E402, F401

import bot.assistant.engine  # noqa: E402, F401
import bot.assistant.nlu  # noqa: E402, F401

sys.meta_path[:] = [f for f in sys.meta_path if type(f).__module__ != lean.__name__]
for name in set(sys.modules) - before:
    if type(sys.modules[name]).__module__ == lean.__name__:
        del sys.modules[name]
