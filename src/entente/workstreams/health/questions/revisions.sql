-- Cells of two following editions of one publication side by side. `editions` numbers the files of each, oldest first.
WITH
numbered AS (
    SELECT cells.*, editions.number
    FROM cells JOIN editions ON editions.digest = cells._source_digest AND editions.publication = cells.publication
),
pairs AS (
    SELECT
        publication, substances, event, intent, breakdown, "group", subgroup, region, area, period_start, period_end, unit,
        old.number AS pair,
        old.told AS told_before, new.told AS told_after,
        old."value" AS reported_before, new."value" AS reported_after
    FROM numbered AS old JOIN numbered AS new
        USING (publication, substances, event, intent, breakdown, "group", subgroup, region, area, period_start, period_end, unit)
    WHERE new.number = old.number + 1
)
SELECT
    *,
    CASE
        WHEN told_before <> told_after THEN told_before || '-' || told_after
        WHEN reported_before IS DISTINCT FROM reported_after THEN 'figure'
        ELSE 'none'
    END AS kind_of_change
FROM pairs
ORDER BY pair, publication, region, area, event, substances, period_start, period_end, unit, breakdown, "group", subgroup
