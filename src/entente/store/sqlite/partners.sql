-- name: put_partner
INSERT INTO partner (party, url, public_key, added_at) VALUES (?, ?, ?, ?)
ON CONFLICT (party) DO UPDATE SET
    url = excluded.url, public_key = excluded.public_key, added_at = excluded.added_at;

-- name: partners
SELECT party, url, public_key, added_at FROM partner ORDER BY party;

-- name: position
SELECT party, sent_seq, sent_id, received_seq, received_id FROM position WHERE party = ?;

-- name: put_officer
INSERT INTO officer (party, officer, title, public_key, valid_from, valid_until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (party, officer) DO UPDATE SET
    title = excluded.title, public_key = excluded.public_key, valid_from = excluded.valid_from,
    valid_until = excluded.valid_until;

-- name: officers
SELECT party, officer, title, public_key, valid_from, valid_until FROM officer ORDER BY party, officer;

-- name: add_agreement
INSERT INTO agreement (digest, name, version, source, added_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (digest) DO NOTHING;

-- name: agreements
SELECT digest, name, version, source, added_at FROM agreement ORDER BY name, version, digest;

-- name: add_signature
INSERT INTO agreement_signature (agreement, party, officer, body, added_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (agreement, party, officer) DO UPDATE SET body = excluded.body, added_at = excluded.added_at;

-- name: signatures
SELECT agreement, party, officer, body, added_at
FROM agreement_signature
WHERE ?1 IS NULL OR agreement = ?1
ORDER BY agreement, party, officer;

-- name: add_suspension
INSERT INTO agreement_suspension (agreement, party, officer, public_key, body, added_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (agreement, party, officer) DO NOTHING;

-- name: suspensions
SELECT agreement, party, officer, public_key, body, added_at
FROM agreement_suspension
ORDER BY agreement, party, officer;

-- name: setting
SELECT value FROM setting WHERE name = ?;

-- name: put_setting
INSERT INTO setting (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
