-- name: exists
SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'archive_key';

-- name: create_keys
CREATE TABLE IF NOT EXISTS archive_key (
    name TEXT NOT NULL,
    generation INTEGER NOT NULL,
    wrapped BLOB,
    destroyed INTEGER,
    PRIMARY KEY (name, generation),
    CHECK ((wrapped IS NULL) = (destroyed IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- name: create_destroyed
CREATE INDEX IF NOT EXISTS archive_key_destroyed ON archive_key (destroyed) WHERE destroyed IS NOT NULL;

-- name: create_signers
CREATE TABLE IF NOT EXISTS archive_signer (
    public_key TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- name: newest
SELECT name, max(generation), wrapped, destroyed
FROM archive_key
WHERE name IN (SELECT value FROM json_each(?))
GROUP BY name;

-- name: one
SELECT wrapped FROM archive_key WHERE name = ? AND generation = ?;

-- name: add
INSERT INTO archive_key (name, generation, wrapped, destroyed) VALUES (?, ?, ?, NULL);

-- name: destructions
SELECT coalesce(max(destroyed), 0) FROM archive_key;

-- name: destroy
UPDATE archive_key SET wrapped = NULL, destroyed = ?1
WHERE name IN (SELECT value FROM json_each(?2));

-- name: mark
INSERT INTO archive_key (name, generation, wrapped, destroyed)
SELECT value, 0, NULL, ?1 FROM json_each(?2)
WHERE true
ON CONFLICT (name, generation) DO NOTHING;

-- name: counts
SELECT count(wrapped), count(DISTINCT name) FILTER (WHERE destroyed IS NOT NULL AND generation > 0) FROM archive_key;

-- name: add_signer
INSERT INTO archive_signer (public_key) VALUES (?) ON CONFLICT DO NOTHING;

-- name: signers
SELECT public_key FROM archive_signer ORDER BY public_key;
