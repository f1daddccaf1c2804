# SPDX-License-Identifier: Apache-2.0
"""The tables. Times are seconds since 1970 in UTC; `sealed` columns hold encrypted words."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

metadata = MetaData()
keys_metadata = MetaData()


# Numbers that clients send back to us: a large one is merely later than all, on both databases.
Number = BigInteger().with_variant(Integer(), "sqlite")


def _id(*args: object) -> Column:
    return Column("id", String(36), *args, primary_key=True)


def _conversation(**kwargs: object) -> Column:
    target = ForeignKey("conversations.id", ondelete="CASCADE")
    return Column("conversation_id", String(36), target, nullable=False, **kwargs)


# The story: who answers now, what is being asked (sealed), when it closes.
conversations = Table(
    "conversations",
    metadata,
    _id(),
    Column("medium", String(8), nullable=False),
    Column("language", String(35), nullable=False),
    Column("state", String(12), nullable=False),
    Column("urgency", String(20), nullable=False, default="none"),
    Column("topic", String(32), nullable=False, default="none"),
    Column("dialogue", LargeBinary),
    Column("opened_at", Double, nullable=False),
    Column("closes_at", Double, nullable=False, index=True),
    Column("erase_at", Double, index=True),
    Column("closed_at", Double),
    Column("left_at", Double),
    Column("turns", Integer, nullable=False, default=0),
)

# One chat session or one call, pointing at a story. Only a hash of its token is kept.
contacts = Table(
    "contacts",
    metadata,
    _id(),
    _conversation(index=True),
    Column("medium", String(8), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("call_hash", String(64), unique=True),
    Column("opened_at", Double, nullable=False),
    Column("revoked_at", Double),
)

turns = Table(
    "turns",
    metadata,
    _id(),
    _conversation(),
    Column("contact_id", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("client_id", String(64)),
    Column("body_hash", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("status", String(12), nullable=False),
    Column("event_id", Number),
    Column("received_at", Double, nullable=False),
    Column("answered_at", Double),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("contact_id", "client_id"),
    Index("turns_unanswered", "status", "received_at"),
)

# Whatever anybody must see live; a message's number is its row's.
events = Table(
    "events",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("conversation_id", String(36), index=True),
    Column("audience", String(8), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("turn_id", String(36)),
    Column("sealed", LargeBinary),
    Column("at", Double, nullable=False),
    sqlite_autoincrement=True,
)

handovers = Table(
    "handovers",
    metadata,
    _id(),
    _conversation(index=True),
    Column("tier", String(12), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("cues", LargeBinary),
    Column("state", String(12), nullable=False, index=True),
    Column("requested_at", Double, nullable=False),
    Column("worker_id", String(36)),
    Column("accepted_at", Double),
    Column("ended_at", Double),
    Column("outcome", String(24)),
    Column("offered_to", String(36)),
)

# A danger class heard in a turn. It stays on the record whatever is said later.
hits = Table(
    "hits",
    metadata,
    _id(),
    _conversation(index=True),
    Column("turn_id", String(36), nullable=False),
    Column("urgency", String(20), nullable=False),
    Column("cues", LargeBinary),
    Column("at", Double, nullable=False),
    Column("reviewed_by", String(36)),
    Column("reviewed_at", Double),
    Column("verdict", String(8)),
    UniqueConstraint("turn_id", "urgency"),
)

facts = Table(
    "facts",
    metadata,
    _conversation(primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("turn_id", String(36), nullable=False),
    Column("at", Double, nullable=False),
)

# What the person agreed may leave the service. Kept apart from the conversation, under its own key.
consents = Table(
    "consents",
    metadata,
    _id(),
    Column("conversation_id", String(36), index=True),
    Column("reference", String(12), nullable=False, unique=True),
    Column("service_id", String(64), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("wording", String(32), nullable=False),
    Column("medium", String(8), nullable=False),
    Column("given_at", Double, nullable=False),
    Column("withdrawn_at", Double),
    Column("state", String(12), nullable=False),
    Column("sent_by", String(36)),
    Column("sent_at", Double),
    Column("erase_at", Double, nullable=False, index=True),
)

# One row for each effect an action had in a turn: a repeated turn has it once.
effects = Table(
    "effects",
    metadata,
    Column("turn_id", String(36), primary_key=True),
    Column("effect", String(48), primary_key=True),
    Column("result", String(64)),
    Column("at", Double, nullable=False),
)

# Work for later: claimed by one conditional update with a lease, and nothing else.
due = Table(
    "due",
    metadata,
    _id(),
    Column("kind", String(32), nullable=False),
    Column("subject", String(36), nullable=False),
    Column("due_at", Double, nullable=False, index=True),
    Column("leased_until", Double, nullable=False, default=0.0),
    UniqueConstraint("kind", "subject"),
)

trackers = Table(
    "trackers",
    metadata,
    Column("conversation_id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

resume_codes = Table(
    "resume_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    _conversation(index=True),
    Column("expires_at", Double, nullable=False),
)
resume_tries = Table(
    "resume_tries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tried_hash", String(64), nullable=False, index=True),
    Column("at", Double, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    _id(),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200)),
    Column("pin_hash", String(200)),
    Column("setup_hash", String(64)),
    Column("setup_expires_at", Double),
    Column("available", Boolean, nullable=False, default=False),
    Column("seen_at", Double),
    Column("failed", Integer, nullable=False, default=0),
    Column("locked_until", Double, nullable=False, default=0.0),
    Column("second_factor", LargeBinary),
    Column("second_used", Number),
)
staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", String(36), ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("second", Boolean, nullable=False, default=False, server_default=false()),
    Column("locked_at", Double),
    Column("tries", Integer, nullable=False, default=0, server_default="0"),
)
# Append-only: no code path updates or deletes a row here (held by triggers).
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("what", String(40), nullable=False),
    Column("subject", String(36), nullable=False),
    sqlite_autoincrement=True,
)

# One leg of a call to a worker, and the last words given for each address of each call.
calls = Table(
    "calls",
    metadata,
    Column("call_hash", String(64), primary_key=True),
    Column("address", String(120), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Double, nullable=False, index=True),
)

# Figures that name nobody: how often something happened on a day.
counts = Table(
    "counts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("number", Integer, nullable=False, default=0),
)

# In the second store: the key of each conversation or consent, wrapped by the service key.
keys = Table(
    "keys",
    keys_metadata,
    Column("subject", String(36), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", Double, nullable=False),
)
