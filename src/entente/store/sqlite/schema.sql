-- Times are UTC as text of one width (2026-11-21T20:58:00.000000+00:00), days as YYYY-MM-DD, so both sort as text.
-- Text from files ("as written") is kept as bytes in UTF-8: it may hold NUL or broken Unicode.

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE partner (
    party TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    public_key TEXT NOT NULL,
    added_at TEXT NOT NULL
) STRICT;

-- No reference to partner: what was sent and received outlives a partner's entry.
CREATE TABLE position (
    party TEXT NOT NULL PRIMARY KEY,
    sent_seq INTEGER NOT NULL DEFAULT 0,
    sent_id TEXT NOT NULL DEFAULT '',
    received_seq INTEGER NOT NULL DEFAULT 0,
    received_id TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE officer (
    party TEXT NOT NULL,
    officer TEXT NOT NULL,
    title TEXT NOT NULL,
    public_key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    PRIMARY KEY (party, officer)
) STRICT;

CREATE TABLE agreement (
    digest TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    source BLOB NOT NULL,
    added_at TEXT NOT NULL
) STRICT;

-- No reference to agreement: a partner's signature may arrive before the text.
CREATE TABLE agreement_signature (
    agreement TEXT NOT NULL,
    party TEXT NOT NULL,
    officer TEXT NOT NULL,
    body BLOB NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (agreement, party, officer)
) STRICT;

-- The key is the officer's when it came in: a suspension outlives it.
CREATE TABLE agreement_suspension (
    agreement TEXT NOT NULL,
    party TEXT NOT NULL,
    officer TEXT NOT NULL,
    public_key TEXT NOT NULL,
    body BLOB NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (agreement, party, officer)
) STRICT;

CREATE TABLE node_key (
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    public_key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    state TEXT NOT NULL,
    serial INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (party, kind, public_key)
) STRICT;

CREATE TABLE former_officer (
    party TEXT NOT NULL,
    officer TEXT NOT NULL,
    title TEXT NOT NULL,
    public_key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    ended_at TEXT NOT NULL,
    PRIMARY KEY (party, officer, public_key)
) STRICT;

CREATE TABLE record (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    said_by TEXT NOT NULL,
    digest TEXT NOT NULL,
    content_digest TEXT NOT NULL,
    body BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    via TEXT,
    handling BLOB,
    retain_until TEXT,
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    PRIMARY KEY (id, version)
) STRICT;

-- At most one current version of an id; also the order in which current records are read.
CREATE UNIQUE INDEX record_current ON record (id) WHERE is_current = 1;
CREATE INDEX record_current_by_kind ON record (kind, id, via) WHERE is_current = 1;
-- The order in which received records come to the end of their time; what is erased has no digest.
CREATE INDEX record_retained ON record (retain_until, id) WHERE is_current = 1 AND via IS NOT NULL AND digest <> '';

CREATE TABLE intake (
    id TEXT NOT NULL PRIMARY KEY,
    source BLOB NOT NULL,
    source_digest TEXT NOT NULL,
    reader TEXT NOT NULL,
    who TEXT NOT NULL,
    started_at TEXT NOT NULL,
    state TEXT NOT NULL,
    finished_at TEXT,
    kept INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    size INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL DEFAULT 0,
    header BLOB NOT NULL DEFAULT x'',
    corrects TEXT NOT NULL DEFAULT '',
    is_simulated INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE quarantine (
    intake TEXT NOT NULL REFERENCES intake (id),
    line INTEGER NOT NULL,
    field BLOB NOT NULL,
    code TEXT NOT NULL,
    value BLOB NOT NULL,
    details BLOB NOT NULL,
    "row" BLOB NOT NULL,
    PRIMARY KEY (intake, line)
) STRICT;

CREATE TABLE access (
    number INTEGER NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    kind TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    ids_digest TEXT NOT NULL
) STRICT;

-- One row, from the first entry on. INT, because an INTEGER key is a rowid, which takes no default.
CREATE TABLE ledger_head (
    one INT NOT NULL PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL
) STRICT;

CREATE TABLE entry (
    "index" INTEGER NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    subject TEXT NOT NULL,
    data BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    opening BLOB,
    salt BLOB,
    CHECK ((opening IS NULL) = (salt IS NULL))
) STRICT;

CREATE INDEX entry_subject ON entry (subject);
CREATE INDEX entry_type ON entry (type, "index");

CREATE TABLE checkpoint (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (origin, size)
) STRICT;

CREATE TABLE outbox (
    partner TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BLOB NOT NULL,
    record_id TEXT,
    record_version INTEGER,
    created_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try_at TEXT,
    leased_by TEXT,
    leased_until TEXT,
    reason TEXT NOT NULL,
    receipt BLOB,
    PRIMARY KEY (partner, seq)
) STRICT;

CREATE INDEX outbox_unsettled ON outbox (partner, seq) WHERE state IN ('queued', 'sent');
CREATE INDEX outbox_record ON outbox (record_id, partner, seq) WHERE record_id IS NOT NULL;

CREATE TABLE inbox (
    partner TEXT NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    sealed BLOB NOT NULL,
    received_at TEXT NOT NULL,
    ledger_index INTEGER NOT NULL,
    record_id TEXT,
    PRIMARY KEY (partner, seq)
) STRICT;

CREATE INDEX inbox_record ON inbox (record_id, partner, seq) WHERE record_id IS NOT NULL;
CREATE INDEX inbox_id ON inbox (id);
CREATE INDEX outbox_id ON outbox (id);

CREATE TABLE nonce (
    key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (key_id, nonce)
) STRICT;

CREATE INDEX nonce_seen ON nonce (seen_at);

CREATE TABLE explanation (
    mask TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE decision (
    record_id TEXT NOT NULL,
    record_version INTEGER NOT NULL,
    partner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    mask TEXT NOT NULL REFERENCES explanation (mask),
    decided_at TEXT NOT NULL,
    PRIMARY KEY (record_id, partner, purpose, record_version)
) STRICT;

CREATE TABLE release (
    id TEXT NOT NULL PRIMARY KEY,
    record_id TEXT NOT NULL,
    record_version INTEGER NOT NULL,
    partner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    needs INTEGER NOT NULL,
    approvals BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- What is owed about a message, by us or to us. No reference to outbox or inbox: one column, two streams.
CREATE TABLE duty (
    direction TEXT NOT NULL CHECK (direction IN ('owed-by-us', 'owed-to-us')),
    partner TEXT NOT NULL,
    about TEXT NOT NULL,
    record_id TEXT NOT NULL,
    record_version INTEGER NOT NULL,
    agreement TEXT NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    acknowledged_at TEXT,
    answered_at TEXT,
    reminded TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (direction, partner, about)
) STRICT;

CREATE INDEX duty_open ON duty (direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_record ON duty (record_id);
CREATE INDEX duty_due ON duty (due, direction, partner, about) WHERE state IN ('owed', 'acknowledged');
CREATE INDEX duty_about ON duty (about);

-- The version of each record that a version of a finding rests on.
CREATE TABLE evidence (
    finding_id TEXT NOT NULL,
    finding_version INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    record_version INTEGER NOT NULL,
    PRIMARY KEY (finding_id, finding_version, record_id)
) STRICT;

CREATE INDEX evidence_record ON evidence (record_id);

CREATE TABLE account (
    name TEXT NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    roles TEXT NOT NULL,
    officer TEXT NOT NULL,
    language TEXT NOT NULL,
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    password_at TEXT NOT NULL,
    given_by TEXT NOT NULL DEFAULT '',
    given_at TEXT
) STRICT;

CREATE TABLE session (
    token TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    form_token TEXT NOT NULL,
    purpose TEXT NOT NULL,
    why TEXT NOT NULL,
    told BLOB NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    way TEXT NOT NULL DEFAULT 'password'
) STRICT;

CREATE INDEX session_account ON session (account);

-- No reference to account: people mistype names, and attackers guess them.
CREATE TABLE attempt (
    name TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    locked_until TEXT
) STRICT;

-- What an account signs in with besides its password.
CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    title BLOB NOT NULL,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    used_at TEXT
) STRICT;

CREATE INDEX passkey_account ON passkey (account);

-- Whom another service knows, and who that is here.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (name),
    linked_at TEXT NOT NULL,
    linked_by TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;

CREATE INDEX identity_account ON identity (account);

-- No reference to account: who signs in with a passkey alone is not known yet.
CREATE TABLE step (
    token TEXT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    held BLOB NOT NULL,
    started_at TEXT NOT NULL,
    PRIMARY KEY (token, kind)
) STRICT;

-- What the current version of each record is found by. The indexes are the orders in which lists are read.
CREATE TABLE listing (
    record_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    said_by TEXT NOT NULL,
    via TEXT,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    recorded_at TEXT NOT NULL,
    day TEXT NOT NULL,
    place TEXT NOT NULL,
    purposes TEXT NOT NULL,
    words TEXT NOT NULL
) STRICT;

CREATE INDEX listing_recorded ON listing (recorded_at, record_id);
CREATE INDEX listing_day ON listing (day, record_id);
CREATE INDEX listing_kind ON listing (kind, record_id);

-- Records that are not erased at their day, though they might be.
CREATE TABLE hold (
    record_id TEXT NOT NULL PRIMARY KEY,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;

-- Cosignatures that partners gave on our checkpoints: each note is ours with that one witness's line.
CREATE TABLE cosignature (
    witness TEXT NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (witness, size)
) STRICT;

-- The last comparison of both streams with each partner; `fault` names what kept it from ending.
CREATE TABLE comparison (
    party TEXT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    fault TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Evidence that a party contradicted what it had signed; `body` convinces others.
CREATE TABLE accusation (
    id TEXT NOT NULL PRIMARY KEY,
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    found_at TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- What partners ask of each other. No reference to outbox or inbox: one column, two streams.
CREATE TABLE asking (
    direction TEXT NOT NULL CHECK (direction IN ('asked-by-us', 'asked-of-us')),
    partner TEXT NOT NULL,
    about TEXT NOT NULL,
    type TEXT NOT NULL,
    agreement TEXT NOT NULL,
    purpose TEXT NOT NULL,
    kind TEXT NOT NULL,
    urgency TEXT NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    body BLOB NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    who TEXT NOT NULL,
    found BLOB NOT NULL,
    approvals BLOB NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    leaves_at TEXT,
    settled_at TEXT,
    PRIMARY KEY (direction, partner, about)
) STRICT;

CREATE INDEX asking_state ON asking (direction, state, partner, about);
CREATE INDEX asking_day ON asking (partner, agreement, purpose, type, created_at) WHERE direction = 'asked-of-us';

-- A record is called back: by us from a partner, or by a partner from us.
CREATE TABLE recall (
    direction TEXT NOT NULL CHECK (direction IN ('given', 'taken')),
    partner TEXT NOT NULL,
    about TEXT NOT NULL,
    id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    agreement TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    wanted TEXT NOT NULL,
    due TEXT,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    who TEXT NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    settled_at TEXT,
    receipt BLOB,
    PRIMARY KEY (direction, partner, about)
) STRICT;

CREATE INDEX recall_id ON recall (id);
CREATE INDEX recall_record ON recall (record_id);
CREATE INDEX recall_cause ON recall (cause) WHERE cause <> '';

-- What may not come back, by whatever way.
CREATE TABLE recalled (
    said_by TEXT NOT NULL,
    record_id TEXT NOT NULL,
    held_id TEXT NOT NULL,
    via TEXT NOT NULL,
    kind TEXT NOT NULL,
    wanted TEXT NOT NULL,
    reason TEXT NOT NULL,
    recall TEXT NOT NULL,
    mark TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (said_by, record_id, held_id)
) STRICT;

CREATE INDEX recalled_record ON recalled (record_id);
CREATE INDEX recalled_held ON recalled (held_id);
CREATE INDEX recalled_mark ON recalled (mark) WHERE mark <> '';

-- Whether a holder may hand a record on: what was asked, and what its originator answered.
CREATE TABLE redisclosure (
    direction TEXT NOT NULL CHECK (direction IN ('asked', 'asked-of-us')),
    partner TEXT NOT NULL,
    id TEXT NOT NULL,
    about TEXT NOT NULL,
    record_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    purpose TEXT NOT NULL,
    why TEXT NOT NULL,
    agreement TEXT NOT NULL,
    state TEXT NOT NULL,
    fields BLOB NOT NULL,
    granted_until TEXT,
    answer TEXT NOT NULL,
    is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
    created_at TEXT NOT NULL,
    answered_at TEXT,
    PRIMARY KEY (direction, partner, id)
) STRICT;

-- Whose turn regular work is, where several processes serve one node, and how it went.
CREATE TABLE turn (
    name TEXT NOT NULL PRIMARY KEY,
    worker TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;

CREATE TABLE job (
    name TEXT NOT NULL PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    due_at TEXT,
    fault TEXT NOT NULL,
    failures INTEGER NOT NULL
) STRICT;

-- Parties without a node: what is for them is handed over by people.
CREATE TABLE outside (
    party TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    added_at TEXT NOT NULL
) STRICT;
