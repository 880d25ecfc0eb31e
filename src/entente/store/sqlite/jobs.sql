-- name: take
INSERT INTO turn (name, worker, until) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET worker = excluded.worker, until = excluded.until
WHERE turn.worker = excluded.worker OR turn.until <= ?4 OR ?5;

-- name: put
INSERT INTO job (name, started_at, ended_at, due_at, fault, failures) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    started_at = excluded.started_at, ended_at = excluded.ended_at, due_at = excluded.due_at, fault = excluded.fault,
    failures = excluded.failures;

-- name: all
SELECT name, started_at, ended_at, due_at, fault, failures
FROM job
ORDER BY name;
