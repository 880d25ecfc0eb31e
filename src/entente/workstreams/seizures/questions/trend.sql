-- One row for every group and every period that the publication covers. Where it covers a period and has no row for a
-- group, none was published: zero. Where it does not cover the period there is no row at all.
WITH
series AS (SELECT DISTINCT {groups} counting FROM cells),
periods AS (
    SELECT
        counting,
        {period}::VARCHAR AS period,
        min(period_start) AS first_day,
        max(coalesce(period_end, period_start)) AS last_day,
        len(list_distinct(flatten(list(months))))::BIGINT AS months,
        CASE WHEN bool_or(status = 'provisional') THEN 'provisional' WHEN count(status) = count(*) THEN 'final' END AS status
    FROM covered
    WHERE {period} IS NOT NULL
    GROUP BY counting, {period}
),
sums AS (
    SELECT
        {groups} counting, {period}::VARCHAR AS period,
        sum(mass_g) AS mass_g, sum(events)::BIGINT AS events, count(*) AS rows,
        count(*) - count(mass_g) AS rows_without_mass,
        count(*) - count(events) AS rows_without_events
    FROM cells
    GROUP BY {groups} counting, {period}
)
SELECT
    {series_groups} series.counting, periods.period, periods.first_day, periods.last_day,
    periods.months, periods.status,
    CASE WHEN sums.rows IS NULL THEN 0 ELSE sums.mass_g END AS mass_g,
    CASE WHEN sums.rows IS NULL THEN 0 ELSE sums.events END AS events,
    coalesce(sums.rows, 0) AS rows,
    coalesce(sums.rows_without_mass, 0) AS rows_without_mass,
    coalesce(sums.rows_without_events, 0) AS rows_without_events
FROM series
JOIN periods ON periods.counting IS NOT DISTINCT FROM series.counting
LEFT JOIN sums ON sums.period = periods.period AND sums.counting IS NOT DISTINCT FROM series.counting {same_group}
ORDER BY {series_groups} series.counting, periods.period
