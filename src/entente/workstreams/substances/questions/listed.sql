-- The records behind what a publication lists for a place and period: the denominator `listed-reports` of every subject.
SELECT
    concat_ws(' ', publication, lower(place), basis) AS stratum, period_start, last_day AS period_end,
    list_distinct(flatten(list(evidence))) AS evidence
FROM cells
GROUP BY ALL
