-- name: put_outside
INSERT INTO outside (party, name, email, language, added_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (party) DO UPDATE SET
    name = excluded.name, email = excluded.email, language = excluded.language, added_at = excluded.added_at;

-- name: outside_parties
SELECT party, name, email, language, added_at
FROM outside
ORDER BY party;

-- name: outside_party
SELECT party, name, email, language, added_at
FROM outside
WHERE party = $1;
