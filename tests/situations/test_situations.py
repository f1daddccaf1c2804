# SPDX-License-Identifier: Apache-2.0
"""Every situation in the folders beside this file comes out as its file says."""

from __future__ import annotations

import pytest

from tests.situations import outcome
from tests.situations.situation import files, read

FILES = files()
NAMES = [f"{path.parent.name}: {path.stem.replace('_', ' ')}" for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
async def test_situation(path, held, parts):
    situation, story = read(path), await held(path)
    services = {service.id: service for service in parts.directory.services}
    wrong = outcome.for_everybody(situation, story, services) + outcome.for_them(situation, story)
    assert not wrong, "\n".join([*wrong, str(story)])
