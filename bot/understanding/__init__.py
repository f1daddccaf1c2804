# SPDX-License-Identifier: Apache-2.0
"""What a message means: danger first, then what it is about and what is wanted."""

from bot.understanding.screen import Context, Screen

__all__ = ["Context", "Screen"]
