"""The tables.

Times are integers: ``*_utc_ms`` in milliseconds since 1970, ``*_ticks`` as the block counted them.  Names
begin with ``pulseblock_``, since a server's database may hold others' tables too.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 2

metadata = MetaData()

BLOCK = String(64)
NAME_LENGTH = 120
TEXT_LENGTH = 200

# what this database is: one row
about = Table(
    "pulseblock_about",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("schema_version", Integer, nullable=False),
    Column("decoder_version", Integer, nullable=False),  # of what made the decoded tables
)

wearers = Table(
    "pulseblock_wearers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(NAME_LENGTH), nullable=False, unique=True),
)

# a block's unique id in hex, and whose its new sessions are
blocks = Table(
    "pulseblock_blocks",
    metadata,
    Column("block", BLOCK, primary_key=True),
    Column("wearer_id", ForeignKey(wearers.c.id)),
)

# a journal's id is drawn when a block first makes it: a wiped block begins another
journals = Table(
    "pulseblock_journals",
    metadata,
    Column("block", ForeignKey(blocks.c.block), primary_key=True),
    Column("journal", BigInteger, primary_key=True, autoincrement=False),
)

# byte for byte as read; copy 0 came first, further copies contradict it
segments = Table(
    "pulseblock_segments",
    metadata,
    Column("block", BLOCK, primary_key=True),
    Column("journal", BigInteger, primary_key=True, autoincrement=False),
    Column("segment", BigInteger, primary_key=True, autoincrement=False),
    Column("copy", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    ForeignKeyConstraint(["block", "journal"], [journals.c.block, journals.c.journal]),
)

# a host's clock and a block's, read together after the record of number after_seq was written
clocks = Table(
    "pulseblock_clocks",
    metadata,
    Column("block", BLOCK, primary_key=True),
    Column("journal", BigInteger, primary_key=True, autoincrement=False),
    Column("boot", BigInteger, primary_key=True, autoincrement=False),
    Column("ticks", BigInteger, primary_key=True, autoincrement=False),
    Column("utc_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("after_seq", BigInteger),
    ForeignKeyConstraint(["block", "journal"], [journals.c.block, journals.c.journal]),
)

# a commit that brought something new, and the computer it came from
syncs = Table(
    "pulseblock_syncs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("block", BLOCK, nullable=False),
    Column("journal", BigInteger, nullable=False),
    Column("at_utc_ms", BigInteger, nullable=False),
    Column("host", String(255), nullable=False),
    Column("new_bytes", BigInteger, nullable=False),
    ForeignKeyConstraint(["block", "journal"], [journals.c.block, journals.c.journal]),
)

# the short number people call a session by, given once, and whose session it is
numbers = Table(
    "pulseblock_numbers",
    metadata,
    Column("session", Integer, primary_key=True),
    Column("block", BLOCK, nullable=False),
    Column("journal", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),  # of the session's first record
    Column("added_utc_ms", BigInteger, nullable=False),
    Column("wearer_id", ForeignKey(wearers.c.id)),
    UniqueConstraint("block", "journal", "seq"),
    ForeignKeyConstraint(["block", "journal"], [journals.c.block, journals.c.journal]),
    sqlite_autoincrement=True,  # a number is never given twice
)

# what a person said of a rep, over what the block says
voids = Table(
    "pulseblock_voids",
    metadata,
    Column("block", BLOCK, primary_key=True),
    Column("journal", BigInteger, primary_key=True, autoincrement=False),
    Column("rep_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("voided", Boolean, nullable=False),
    Column("at_utc_ms", BigInteger, nullable=False),
    ForeignKeyConstraint(["block", "journal"], [journals.c.block, journals.c.journal]),
)

# --- decoded: follows from the tables above, and is made again by every migration

sessions = Table(
    "pulseblock_sessions",
    metadata,
    Column("session", ForeignKey(numbers.c.session), primary_key=True),
    Column("boot", BigInteger),
    Column("start_ticks", BigInteger, nullable=False),
    Column("end_ticks", BigInteger, nullable=False),
    Column("start_utc_ms", BigInteger),
    Column("end_utc_ms", BigInteger),
    Column("firmware", String(TEXT_LENGTH)),
    Column("settings", BigInteger),
    Column("calibration", BigInteger),
    Column("reference_cn", Integer),
    Column("ended_by", String(TEXT_LENGTH), nullable=False),
)

sets = Table(
    "pulseblock_sets",
    metadata,
    Column("session", ForeignKey(sessions.c.session), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("complete", Boolean, nullable=False),
    Column("end_ticks", BigInteger),
    Column("counted_reps", Integer),  # by the block; there are fewer where the journal is damaged
    Column("rhythm_pct", Integer),
    Column("reference_cn", Integer),
    Column("hold_cn", Integer),
)

reps = Table(
    "pulseblock_reps",
    metadata,
    Column("session", ForeignKey(sessions.c.session), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("set_number", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("voided", Boolean, nullable=False),  # by the wearer, on the block
    Column("start_ticks", BigInteger, nullable=False),
    Column("start_utc_ms", BigInteger),
    Column("faults", Integer, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("rise_ms", Integer, nullable=False),
    Column("peak_cn", Integer, nullable=False),
    Column("hold_cn", Integer, nullable=False),
    Column("trough_cn", Integer, nullable=False),
    Column("sagittal_cdeg", Integer, nullable=False),
    Column("frontal_cdeg", Integer, nullable=False),
    Column("jolt_mg", Integer, nullable=False),
    Column("drag_pct", Integer),
    Column("shape_cn", String(TEXT_LENGTH)),  # JSON: the force at even times from start to end
)

# what else a session's records say: a low battery, an error, reps that found no room
notes = Table(
    "pulseblock_notes",
    metadata,
    Column("session", ForeignKey(sessions.c.session), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("ticks", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("fields", Text, nullable=False),  # JSON
)

damage = Table(
    "pulseblock_damage",
    metadata,
    Column("block", BLOCK, primary_key=True),
    Column("journal", BigInteger, primary_key=True, autoincrement=False),
    Column("segment", BigInteger, primary_key=True, autoincrement=False),
    Column("offset", BigInteger, primary_key=True, autoincrement=False),
    Column("length", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", String(TEXT_LENGTH), primary_key=True),
    ForeignKeyConstraint(["block", "journal"], [journals.c.block, journals.c.journal]),
)

Index("pulseblock_sessions_start", sessions.c.start_utc_ms)

DECODED = (sessions, sets, reps, notes, damage)
