-- One row for every subject: both windows by stratum, the neighbouring periods before the late window, the records.
-- A period that crosses the border of a window is in neither. Days are pooled into months before periods are compared.
WITH
placed AS (
    SELECT
        *,
        period_start >= $late_start::DATE AND period_end < $end::DATE AS is_late,
        period_start >= $base_start::DATE AND period_end < $late_start::DATE AS is_early,
        period_start >= $history_start::DATE AND period_end < $late_start::DATE AS is_history
    FROM counts
    WHERE "of" > 0
),
windows AS (
    SELECT
        subject, stratum,
        coalesce(sum("count") FILTER (is_early), 0)::BIGINT AS early_count,
        coalesce(sum("of") FILTER (is_early), 0)::BIGINT AS early_of,
        coalesce(sum("count") FILTER (is_late), 0)::BIGINT AS late_count,
        coalesce(sum("of") FILTER (is_late), 0)::BIGINT AS late_of,
        flatten(list(evidence) FILTER ((is_early OR is_late) AND evidence IS NOT NULL)) AS evidence
    FROM placed
    GROUP BY subject, stratum
),
months AS (
    SELECT subject, stratum, date_trunc('month', period_start) AS month, sum("count")::BIGINT AS n, sum("of")::BIGINT AS m
    FROM placed
    WHERE is_history
    GROUP BY ALL
),
neighbours AS (
    SELECT
        subject,
        lag(n) OVER series AS early_count, lag(m) OVER series AS early_of, n AS late_count, m AS late_of
    FROM months
    WINDOW series AS (PARTITION BY subject, stratum ORDER BY month)
),
pairs AS (
    SELECT subject, list([early_count, early_of, late_count, late_of]) AS pairs
    FROM neighbours
    WHERE early_count + late_count > 0
    GROUP BY subject
),
strata AS (
    SELECT
        subject,
        list([early_count, early_of, late_count, late_of] ORDER BY stratum) AS strata,
        flatten(list(evidence) FILTER (evidence IS NOT NULL)) AS evidence
    FROM windows
    WHERE early_of > 0 AND late_of > 0
    GROUP BY subject
)
SELECT strata.subject, strata.strata, coalesce(pairs.pairs, []) AS pairs, coalesce(strata.evidence, []) AS evidence
FROM strata LEFT JOIN pairs USING (subject)
WHERE list_sum([one[1] + one[3] FOR one IN strata.strata]) > 0
ORDER BY strata.subject
