# SPDX-License-Identifier: Apache-2.0
"""What we ask of Twilio is what Twilio's own description takes; the check itself can fail."""

from __future__ import annotations

import pytest
from multidict import MultiDict

from tests.calls.openapi import wrong

ACCOUNT = "/2010-04-01/Accounts/AC" + "1" * 32
CALLS, CALL = f"{ACCOUNT}/Calls.json", f"{ACCOUNT}/Calls/CA{'a' * 32}.json"
MESSAGES = f"{ACCOUNT}/Messages.json"
RING = {
    "To": "+441172000001", "From": "+441172345678", "Url": "https://bot.example/x",
    "Method": "POST", "Timeout": "20",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (CALLS, RING),
        (CALL, {"Status": "completed"}),
        (CALL, {"Url": "https://bot.example/x", "Method": "POST"}),
        (MESSAGES, {"To": "+447400123456", "From": "+441172345678", "Body": "hello"}),
    ],
)
def test_what_twilio_takes(path, form):
    assert wrong(path, MultiDict(form)) == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (CALLS, {**RING, "Method": "PUT"}),
        (CALLS, {name: value for name, value in RING.items() if name != "To"}),
        (CALLS, {**RING, "Url": "/telephony/worker/x"}),
        (CALLS, {**RING, "Timeout": "soon"}),
        (CALLS, {**RING, "StatusCallbak": "https://bot.example/x"}),
        (CALLS, {**RING, "Twiml": "<Response/>" * 400}),
        (CALL, {"Status": "over"}),
        (CALL.replace("CA", "XX"), {"Status": "completed"}),
        (MESSAGES, {"From": "+441172345678", "Body": "hello"}),
        ("/2010-04-01/Accounts", {}),
    ],
)
def test_what_twilio_does_not_take(path, form):
    assert wrong(path, MultiDict(form))


async def test_the_cloud_of_the_tests_refuses_what_twilio_would(cloud, settings, fingerpost):
    from telephony.dialler import client

    with pytest.raises(Exception, match="422"):
        await client(settings).calls.create_async(
            to="+441172000001", from_=settings.twilio_number, url="/not/whole"
        )
    assert cloud.refused
    cloud.refused.clear()
