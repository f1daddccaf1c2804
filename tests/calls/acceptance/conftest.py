# SPDX-License-Identifier: Apache-2.0
"""The real dialogue, loaded once for all calls."""

from tests.situations.conftest import parts  # noqa: F401 - a fixture
