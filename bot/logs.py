# SPDX-License-Identifier: Apache-2.0
"""What may be written to a log: a fixed message, where it came from, ids. Nobody's words.

Arguments are not merged into messages and exceptions lose their text, because both may hold what
a person said; libraries (Rasa above all) put it there. Call `configure` before importing rasa.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import warnings

# The names under which our own code may log an id or a code. Everything else is dropped.
SAFE = ("code", "error", "handover", "id", "process", "route", "tier", "turn", "where")


class Plain(logging.Formatter):
    """One JSON object a line, from the unmerged message and the safe extras only."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        # Only our own modules keep to fixed messages; of others the place is enough to find it.
        if record.name.split(".")[0] in ("bot", "actions", "telephony"):
            line["message"] = str(record.msg)
        else:
            line["message"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        line.update({k: str(getattr(record, k)) for k in SAFE if hasattr(record, k)})
        return json.dumps(line)


def configure(level: str | None = None) -> None:
    """Set every logger of this process up, structlog's too, and switch telemetry off."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Plain())
    logging.root.handlers[:] = [handler]
    level = level or os.environ.get("FINGERPOST_LOG_LEVEL")
    # An unknown one is reported with the other settings.
    logging.root.setLevel(level if level in logging.getLevelNamesMapping() else "WARNING")
    # Libraries warn their own developers about versions; some reset the filters, so twice.
    warnings.simplefilter("ignore")
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)

    import structlog

    # Rasa's structlog would render whole messages and slots: it is handed to the formatter above,
    # which keeps only the place.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[structlog.stdlib.render_to_log_kwargs],
        cache_logger_on_first_use=True,
    )
