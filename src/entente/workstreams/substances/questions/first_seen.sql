-- For every substance and place: the first period with a report, since when anything was listed from there, and since when
-- the same publications list the substance anywhere.
WITH
placed AS (SELECT * REPLACE ({level} AS place) FROM cells),
looked AS (
    SELECT
        place, min(period_start) AS looked_since,
        arg_min(_id || '/' || _version, (period_start, _id)) AS first_record
    FROM placed
    GROUP BY place
),
listed AS (SELECT subject, min(period_start) AS listed_since FROM placed WHERE reported > 0 GROUP BY subject),
found AS (
    SELECT subject, place, min(period_start) AS period_start
    FROM placed
    WHERE reported > 0 AND ($subject::VARCHAR IS NULL OR upper(subject) = $subject::VARCHAR)
    GROUP BY subject, place
),
-- Of several publications about that period one is shown: they may be about the same items.
reports AS (
    SELECT
        subject, place, period_start, publication, _said_by, basis, max(last_day) AS period_end,
        sum(reported)::BIGINT AS observed
    FROM placed JOIN found USING (subject, place, period_start)
    WHERE reported > 0
    GROUP BY ALL
),
shown AS (
    SELECT * FROM reports
    QUALIFY row_number() OVER (PARTITION BY subject, place ORDER BY period_end, publication, _said_by, basis) = 1
),
sizes AS (
    SELECT place, period_start, publication, _said_by, basis, sum(reported)::BIGINT AS "of",
        list(_id || '/' || _version) AS evidence
    FROM placed
    GROUP BY ALL
),
-- Looked for there before, and not found.
zeros AS (
    SELECT subject, place, list(_id || '/' || _version) AS evidence
    FROM placed JOIN found USING (subject, place)
    WHERE placed.period_start < found.period_start
    GROUP BY ALL
)
SELECT
    shown.subject, shown.place, shown.period_start, shown.period_end, shown.observed, sizes."of", shown.publication,
    looked.looked_since, listed.listed_since,
    datediff('month', looked.looked_since, shown.period_start) AS months_before,
    -- What was found and of how many, what was not found before, and the record that tells since when counts come.
    sizes.evidence || coalesce(zeros.evidence, []) || [looked.first_record] AS _evidence
FROM shown
JOIN looked USING (place)
JOIN listed USING (subject)
JOIN sizes ON sizes.place = shown.place AND sizes.period_start = shown.period_start
    AND sizes.publication = shown.publication AND sizes._said_by = shown._said_by
    AND sizes.basis IS NOT DISTINCT FROM shown.basis
LEFT JOIN zeros ON zeros.subject = shown.subject AND zeros.place = shown.place
ORDER BY shown.period_start, shown.subject, shown.place
