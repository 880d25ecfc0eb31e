-- Items of two following files of one agency side by side, over the days that both cover. `vintages` numbers the files.
WITH
sided AS (
    SELECT items.*, coalesce(reported_by, _said_by) AS agency, vintages.number - side.back AS pair, side.back = 0 AS is_old
    FROM items
    JOIN vintages ON vintages.digest = items._source_digest AND vintages.agency = coalesce(items.reported_by, items._said_by)
    CROSS JOIN (VALUES (0), (1)) AS side (back)
),
spans AS (
    SELECT
        pair, agency,
        greatest(min(seized_on) FILTER (is_old), min(seized_on) FILTER (NOT is_old)) AS first_day,
        least(max(seized_on) FILTER (is_old), max(seized_on) FILTER (NOT is_old)) AS last_day
    FROM sided
    GROUP BY pair, agency
    HAVING bool_or(is_old) AND bool_or(NOT is_old)
),
pairs AS (
    SELECT
        pair, agency, number, item,
        bool_or(is_old) AS has_old, bool_or(NOT is_old) AS has_new,
        any_value(seized_on) FILTER (NOT is_old) AS new_day, any_value(seized_on) FILTER (is_old) AS old_day,
        any_value(category) FILTER (is_old) AS category_old, any_value(category) FILTER (NOT is_old) AS category_new,
        any_value(drug) FILTER (is_old) AS drug_old, any_value(drug) FILTER (NOT is_old) AS drug_new,
        any_value(mass_g) FILTER (is_old) AS mass_g_old, any_value(mass_g) FILTER (NOT is_old) AS mass_g_new,
        any_value(pieces) FILTER (is_old) AS pieces_old, any_value(pieces) FILTER (NOT is_old) AS pieces_new,
        any_value(money) FILTER (is_old) AS money_old, any_value(money) FILTER (NOT is_old) AS money_new,
        any_value(status) FILTER (is_old) AS status_old, any_value(status) FILTER (NOT is_old) AS status_new
    FROM sided
    GROUP BY ALL
),
compared AS (
    SELECT
        *, coalesce(old_day, new_day) AS seized_on,
        CASE
            WHEN NOT has_old THEN 'added'
            WHEN NOT has_new THEN 'removed'
            WHEN (old_day, category_old, drug_old, mass_g_old, pieces_old, money_old, status_old)
                IS DISTINCT FROM (new_day, category_new, drug_new, mass_g_new, pieces_new, money_new, status_new)
                THEN 'changed'
            ELSE 'unchanged'
        END AS change
    FROM pairs JOIN spans USING (pair, agency)
    WHERE coalesce(old_day, new_day) BETWEEN first_day AND last_day OR coalesce(new_day, old_day) BETWEEN first_day AND last_day
)
SELECT compared.*, old.source AS source_old, new.source AS source_new
FROM compared
JOIN vintages AS old ON old.agency = compared.agency AND old.number = compared.pair
JOIN vintages AS new ON new.agency = compared.agency AND new.number = compared.pair + 1
ORDER BY pair, agency, seized_on, compared.number, item
