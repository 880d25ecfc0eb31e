-- Cells of two following publications side by side, where both cover the period. `vintages` numbers
-- the files of each publication, oldest first.
WITH
sided AS (
    SELECT cells.*, vintages.number AS pair, true AS is_old
    FROM cells JOIN vintages ON vintages.digest = cells._source_digest AND vintages.publication = cells.publication
    UNION ALL
    SELECT cells.*, vintages.number - 1 AS pair, false AS is_old
    FROM cells JOIN vintages ON vintages.digest = cells._source_digest AND vintages.publication = cells.publication
),
spans AS (
    SELECT
        pair, publication,
        greatest(min(period_start) FILTER (is_old), min(period_start) FILTER (NOT is_old)) AS first_start,
        least(max(period_start) FILTER (is_old), max(period_start) FILTER (NOT is_old)) AS last_start
    FROM sided
    GROUP BY pair, publication
    HAVING bool_or(is_old) AND bool_or(NOT is_old)
),
pairs AS (
    SELECT
        pair, publication, reported_by, component, counting, region, land_filter, area, drug, period_start,
        bool_or(is_old) AS has_old, bool_or(NOT is_old) AS has_new,
        any_value(status) FILTER (is_old) AS status_old, any_value(status) FILTER (NOT is_old) AS status_new,
        any_value(events) FILTER (is_old) AS events_old, any_value(events) FILTER (NOT is_old) AS events_new,
        any_value(mass_g) FILTER (is_old) AS mass_g_old, any_value(mass_g) FILTER (NOT is_old) AS mass_g_new
    FROM sided JOIN spans USING (pair, publication)
    WHERE period_start BETWEEN first_start AND last_start
    GROUP BY ALL
)
SELECT
    old.source AS source_old, new.source AS source_new, pairs.* EXCLUDE (pair, has_old, has_new),
    CASE
        WHEN NOT has_old THEN 'added'
        WHEN NOT has_new THEN 'removed'
        WHEN events_old IS DISTINCT FROM events_new OR mass_g_old IS DISTINCT FROM mass_g_new THEN 'changed'
        ELSE 'unchanged'
    END AS change
FROM pairs
JOIN vintages AS old ON old.publication = pairs.publication AND old.number = pairs.pair
JOIN vintages AS new ON new.publication = pairs.publication AND new.number = pairs.pair + 1
ORDER BY pair, publication, period_start, component, region, land_filter, area, drug
