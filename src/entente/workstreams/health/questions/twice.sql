-- Where one sample would be counted twice: periods of a publication that overlap, two parties that say them, or two
-- numbers of samples tested in the same days.
WITH
spans AS (
    SELECT publication, region, period_start, last_day, _said_by, min(tested) AS fewest, max(tested) AS most
    FROM counts
    GROUP BY ALL
),
ordered AS (
    SELECT
        *,
        max(last_day) OVER (
            PARTITION BY publication, region ORDER BY period_start, last_day, _said_by
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS covered_until
    FROM spans
)
SELECT publication, region, period_start
FROM ordered
WHERE fewest <> most OR covered_until >= period_start
ORDER BY publication, region, period_start
LIMIT 1
