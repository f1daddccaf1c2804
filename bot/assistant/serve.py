# SPDX-License-Identifier: Apache-2.0
"""Serves the assistant: `python -m bot.assistant.serve`, on the loopback, until its parent goes."""

from __future__ import annotations

import logging
import sys
import warnings

from bot import lifeline, logs
from bot.assistant import lean, model
from bot.settings import load

log = logging.getLogger(__name__)


def main() -> int:
    """Load the current model and serve our channel and nothing else."""
    logs.configure()
    lifeline.hold()
    settings = load()
    if not model.current():
        log.error("the dialogue model is not current: run fingerpost train")
        return 1
    warnings.simplefilter("ignore")  # a page of deprecations that nobody here can mend
    lean.leave_out()
    # Only now, with logging in order: importing Rasa takes seconds and logs.
    from sanic import Sanic

    from bot.assistant.channel import blueprint

    app = Sanic("fingerpost", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.blueprint(blueprint(settings.local_key, model.fingerprint()))

    @app.listener("before_server_start")
    async def load_engine(app: Sanic, _: object) -> None:
        from bot.assistant.plugin import engine

        app.ctx.engine = engine(settings)

    @app.listener("after_server_stop")
    async def let_go(app: Sanic, _: object) -> None:
        await app.ctx.engine.close()

    app.run("127.0.0.1", settings.rasa_port, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
