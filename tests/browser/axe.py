# SPDX-License-Identifier: Apache-2.0
"""What axe finds on a page, and whether the page fits its screen."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def no_barrier(page, *more: str) -> None:
    """Fail where axe finds a barrier by WCAG 2.2 AA (and `more` of its rules), or one scrolls
    sideways."""
    found = Axe().run(page, options={"runOnly": [*RULES, *more]}).response["violations"]
    barriers = [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]
    assert barriers == [], (page.url, barriers)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
