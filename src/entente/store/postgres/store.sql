-- name: size
SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)
FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
WHERE pg_namespace.nspname = $1 AND pg_class.relkind = 'r';
