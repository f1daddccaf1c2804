# SPDX-License-Identifier: Apache-2.0
"""Nothing reaches a person but with a Permit, and only safe_contact.permits makes one."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.pagers.email import EmailPager
from bot.pagers.partner import ByEmail, ByWebhook
from bot.pagers.person import PersonMail
from bot.pagers.webhook import WebhookPager
from bot.policy import safe_contact
from telephony.dialler import Dialler
from telephony.pager import SmsPager, VoicePager
from telephony.texter import Texter

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    path
    for folder in ("bot", "actions", "telephony")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
# What can bring a word or a ring to somebody outside, by the name it is called under.
SENDERS = frozenset(
    "create_async _create send_message sendmail sendto send_mail ring_person send_sms send_text"
    " send_email deliver_to_person hand_over calls.create messages.create message(to=)"
    " MessagingResponse dial.number dial.sip response.dial"
    " session.post _session.post clientsession.post _open.post".split()
)
LIBRARIES = frozenset("smtplib aiosmtplib email.mime email.message vonage boto3 pywebpush".split())
# Who may use one, and for whom. A new line here is a decision: staff alone, or with a Permit.
ALLOWED = {
    "telephony/dialler.py": {
        "create_async": "numbers of settings, or a Permit's address", "_create": "the same",
    },
    "telephony/callback.py": {"ring_person": "a Permit, from CallingBack.leave"},
    "telephony/pager.py": {"create_async": "a Page, to an address of the rota"},
    "telephony/texter.py": {"create_async": "a Permit's address"},
    "telephony/sms.py": {"MessagingResponse": "an answer to the sender alone: no `to` is given"},
    "telephony/network.py": {"_session.post": "the test network, to an edge of its own"},
    "bot/pagers/webhook.py": {"session.post": "a Page or a Parcel, to the address it names"},
    "bot/web/terminal.py": {"session.post": "the edge, for the terminal on this machine"},
    "bot/demo.py": {"session.post": "the edge of a demonstration"},
    "bot/drill.py": {"session.post": "the edge that is drilled"},
    "bot/assistant/client.py": {"_open.post": "the assistant, within the service"},
    "bot/assistant/action_calls.py": {"_session.post": "the actions, within the service"},
    "bot/service/sending.py": {"deliver_to_person": "a Permit, asked for in that moment"},
    "bot/pagers/partner.py": {"hand_over": "a Parcel, to the route of a service"},
    "bot/pagers/smtp.py": {
        "send_message": "for those who follow, and nobody else",
        "smtplib": "the same", "email.message": "the same",
    },
    "bot/pagers/email.py": {"hand_over": "a Page, to an address of the rota"},
    "bot/pagers/person.py": {"hand_over": "a Permit's address"},
}  # fmt: skip


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST) -> Iterator[str]:
    """Yield the last name of everything that is called.

    A name too common by itself comes with what it is called on (`dial.number`), or with `to`.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if name := last(node.func):
            yield name
            if any(word.arg == "to" for word in node.keywords):
                yield f"{name}(to=)"
        if isinstance(node.func, ast.Attribute):
            yield f"{last(node.func.value).lower()}.{name}"


def last(node: ast.AST) -> str:
    """Return the last name of an expression: `post` of `a.post`, and of `a.post()`."""
    if isinstance(node, ast.Call):
        return last(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", CODE, ids=named)
def test_no_module_sends_but_those_that_may(path):
    tree = ast.parse(path.read_text())
    allowed = ALLOWED.get(named(path), {})
    assert {name for name in calls(tree) if name in SENDERS} <= set(allowed)
    found = {lib for name in imports(tree) for lib in LIBRARIES if f"{name}.".startswith(f"{lib}.")}
    assert found <= set(allowed)


def test_every_module_that_may_send_does():
    """A line left in the table would let something send unseen."""
    for path, names in ALLOWED.items():
        tree = ast.parse((ROOT / path).read_text())
        assert set(names) <= {*calls(tree), *imports(tree)}, path


def test_a_page_goes_to_an_address_of_the_rota_and_only_paging_makes_one():
    """What a pager sends is a Page; its `to` is taken from who is on duty, nowhere else."""
    assert [named(p) for p in CODE if "Page" in set(calls(ast.parse(p.read_text())))] == [
        "bot/service/paging.py"
    ]
    for pager in (EmailPager, WebhookPager, SmsPager, VoicePager):
        assert list(inspect.signature(pager.page).parameters) == ["self", "page"]


def test_a_parcel_goes_to_the_route_of_a_service_and_only_referring_makes_one():
    made = [named(p) for p in CODE if "Parcel" in set(calls(ast.parse(p.read_text())))]
    assert made == ["bot/service/referring.py"]
    users = [named(p) for p in CODE if "bot.pagers.smtp" in set(imports(ast.parse(p.read_text())))]
    assert users == [f"bot/pagers/{name}.py" for name in ("email", "partner", "person")]
    for courier in (ByEmail, ByWebhook):
        assert list(inspect.signature(courier.bring).parameters) == ["self", "parcel"]


def test_only_permits_makes_a_permit():
    made_in = [named(p) for p in CODE if "Permit" in set(calls(ast.parse(p.read_text())))]
    assert made_in == ["bot/policy/safe_contact.py"]
    tree = ast.parse(inspect.getsource(safe_contact))
    makers = [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and "Permit" in set(calls(function))
    ]
    assert makers == ["permits"]


def makers_of(call: str) -> set[str]:
    """Return the functions of the dialler that call this."""
    return {
        function.name
        for function in ast.walk(ast.parse(inspect.getsource(Dialler)))
        if isinstance(function, ast.AsyncFunctionDef) and call in set(calls(function))
    }


def test_every_way_of_ringing_takes_an_on_call_number_or_a_permit():
    """`ring` takes a place in the list of settings, never a number; any other way a Permit.

    The interpreters' number is one setting: `ring_interpreter` takes none, only our own address.
    """
    ringing = {
        "ring": ("number", "int"), "ring_person": ("permit", "Permit"),
        "ring_interpreter": ("voice", "str"),
    }  # fmt: skip
    assert makers_of("create_async") == {"_create"}
    assert makers_of("_create") == set(ringing)
    for name, (first, kind) in ringing.items():
        parameters = list(inspect.signature(getattr(Dialler, name)).parameters.values())
        assert (parameters[1].name, parameters[1].annotation) == (first, kind)


def test_whatever_writes_to_a_person_takes_a_permit():
    for sender in (Texter, PersonMail):
        parameters = list(inspect.signature(sender.deliver_to_person).parameters.values())
        assert (parameters[1].name, parameters[1].annotation) == ("permit", "Permit")


@pytest.mark.parametrize(
    "code",
    [
        "client.messages.create_async(to=number)",
        "client.messages.create(to=number)",
        "client(settings).calls.create(to=number)",
        "session.post(address)",
        "ClientSession().post(address)",
        "answer.message('words', to=number)",
        "MessagingResponse()",
        "dial.number(number)",
        "Dial().number(number)",
        "response.dial(number)",
    ],
)
def test_the_guard_sees_a_sender(code):
    assert set(calls(ast.parse(code))) & SENDERS


def test_the_guard_takes_no_like_named_call_for_a_sender():
    """Words are made by `message`, a form is read by `post`, a number of a query by `number`."""
    code = "words.message(said)\nrequest.post()\nshapes.number(given)\nweb.post('/x', y)"
    assert not set(calls(ast.parse(code))) & SENDERS


def test_a_reply_by_text_names_nobody():
    """It goes back to who wrote, for it is given no `to`."""
    tree = ast.parse((ROOT / "telephony/sms.py").read_text())
    assert "message" in set(calls(tree))
    assert "message(to=)" not in set(calls(tree))
