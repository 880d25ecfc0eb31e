-- Sums by group. Publication and basis are always groups: publications overlap, and reports are not samples.
SELECT
    {groups},
    publication, basis,
    sum(reported)::BIGINT AS reported,
    count(DISTINCT (period_start, last_day)) AS periods_counted,
    min(period_start) AS period_start,
    max(last_day) AS period_end,
    count(*) AS rows,
    count(*) - count(reported) AS rows_without_reported
FROM cells
WHERE $subject::VARCHAR IS NULL OR upper(subject) = $subject::VARCHAR
GROUP BY {groups}, publication, basis
ORDER BY {groups}, publication, basis
