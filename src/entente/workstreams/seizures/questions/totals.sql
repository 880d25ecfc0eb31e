-- Sums by group. The way of counting is always a group, so that counts which overlap are never added.
SELECT
    {groups},
    counting,
    sum(mass_g) AS mass_g,
    sum(events)::BIGINT AS events,
    len(list_distinct(flatten(list(months))))::BIGINT AS months,
    CASE WHEN bool_or(status = 'provisional') THEN 'provisional' WHEN count(status) = count(*) THEN 'final' END AS status,
    count(*) AS rows,
    count(*) - count(mass_g) AS rows_without_mass,
    count(*) - count(events) AS rows_without_events
FROM cells
GROUP BY {groups}, counting
ORDER BY {groups}, counting
