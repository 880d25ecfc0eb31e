-- Each cell that is told, once, whoever says it. What was suppressed or is not available has no row: it is no zero.
SELECT
    concat_ws(' ', event, substances, nullif(intent, 'total')) AS subject,
    concat_ws(' ', publication, region, nullif(area, 'all')) AS stratum,
    period_start,
    period_end,
    max(value)::BIGINT AS "count",
    min(value)::BIGINT AS least,
    NULL::BIGINT AS "of",
    list(DISTINCT _said_by ORDER BY _said_by) AS parties,
    list(_id || '/' || _version ORDER BY _id) AS evidence
FROM used
WHERE told = 'told'
GROUP BY publication, region, area, event, substances, intent, period_start, period_end
ORDER BY subject, stratum, period_start
