-- name: put_intake
INSERT INTO intake (
    id, source, source_digest, reader, who, started_at, state, finished_at, kept, unchanged, quarantined, size,
    "position", header, corrects, is_simulated
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    source = excluded.source, source_digest = excluded.source_digest, reader = excluded.reader, who = excluded.who,
    started_at = excluded.started_at, state = excluded.state, finished_at = excluded.finished_at, kept = excluded.kept,
    unchanged = excluded.unchanged, quarantined = excluded.quarantined, size = excluded.size,
    "position" = excluded."position", header = excluded.header, corrects = excluded.corrects,
    is_simulated = excluded.is_simulated;

-- name: intake
SELECT
    id, source, source_digest, reader, who, started_at, state, finished_at, kept, unchanged, quarantined, size,
    "position", header, corrects, is_simulated
FROM intake
WHERE id = ?;

-- name: intakes
SELECT
    id, source, source_digest, reader, who, started_at, state, finished_at, kept, unchanged, quarantined, size,
    "position", header, corrects, is_simulated
FROM intake
ORDER BY started_at DESC, id DESC;

-- name: add_quarantined
INSERT INTO quarantine (intake, line, field, code, value, details, "row")
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (intake, line) DO UPDATE SET
    field = excluded.field, code = excluded.code, value = excluded.value, details = excluded.details,
    "row" = excluded."row";

-- name: quarantined
SELECT intake, line, field, code, value, details, "row"
FROM quarantine
ORDER BY intake, line
LIMIT ?;

-- name: quarantined_of
SELECT intake, line, field, code, value, details, "row"
FROM quarantine
WHERE intake = ? AND line > ?
ORDER BY line
LIMIT ?;

-- name: quarantine_counts
SELECT intake, code, count(*)
FROM quarantine
GROUP BY intake, code
ORDER BY intake, code;

-- name: log_access
INSERT INTO access (at, who, why, kind, "count", ids_digest)
VALUES (?, ?, ?, ?, ?, ?);

-- name: accesses
SELECT at, who, why, kind, "count", ids_digest
FROM access
ORDER BY number DESC
LIMIT ?;
