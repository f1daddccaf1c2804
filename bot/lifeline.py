# SPDX-License-Identifier: Apache-2.0
"""How a child process learns that its parent is gone: the pipe on its standard input closes."""

from __future__ import annotations

import os
import signal
import sys
import threading


def hold() -> None:
    """Stop this process when standard input closes, so that a killed parent leaves nothing."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        # A process stuck in its own clean-up still goes.
        threading.Timer(5, os._exit, (1,)).start()

    if not sys.stdin.isatty():
        threading.Thread(target=wait, name="lifeline", daemon=True).start()
