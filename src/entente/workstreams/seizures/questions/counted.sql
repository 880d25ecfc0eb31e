-- Items with their event. Reports of several agencies under one joint number are one event: of it the report of the
-- agency that all of them call lead counts; where none of them is that agency, the first by its code. Every agency that
-- reported it is credited. With `every-report` nothing is joined.
WITH
told AS (
    SELECT
        *, coalesce(reported_by, _said_by) AS agency,
        CASE WHEN trim(joint_number) <> '' AND $joint_rule = 'once-by-lead' THEN upper(trim(joint_number)) END AS joint
    FROM items
),
-- A report that several parties hold and pass on is one report: the agency's own words, else those of the first.
own AS (
    SELECT * FROM told
    QUALIFY _said_by = first_value(_said_by) OVER (
        PARTITION BY agency, number ORDER BY (_said_by <> agency), _said_by
    )
),
reports AS (
    SELECT *, CASE WHEN joint IS NULL THEN concat_ws(' ', 'of', agency, number) 
            ELSE concat_ws(' ', 'joint', joint) END AS event
    FROM own
),
events AS (
    SELECT
        event,
        list_sort(list_distinct(list(agency))) AS credited,
        CASE WHEN count(DISTINCT lead) = 1 AND list_contains(list(agency), min(lead)) THEN min(lead) END AS told_lead,
        coalesce(told_lead, min(agency)) AS counted_from
    FROM reports
    GROUP BY event
),
dated AS (
    SELECT
        reports.*, events.credited, events.told_lead, events.counted_from,
        len(events.credited) > 1 AS is_joint,
        agency = events.counted_from AS is_counted,
        min(CASE WHEN agency = events.counted_from THEN seized_on END) OVER (PARTITION BY event) AS event_day
    FROM reports JOIN events USING (event)
)
SELECT
    *,
    -- 31 U.S.C. 1102: October to September, named by its end
    (year(event_day) + (month(event_day) >= 10)::INTEGER)::BIGINT AS fiscal_year_us,
    -- Financial Administration Act, s. 2: April to March
    printf(
        '%d-%02d', year(event_day) - (month(event_day) < 4)::INTEGER,
        (year(event_day) - (month(event_day) < 4)::INTEGER + 1) % 100
    ) AS fiscal_year_ca,
    year(event_day)::BIGINT AS calendar_year,
    strftime(event_day, '%Y-%m') AS month
FROM dated
WHERE ($from::DATE IS NULL OR event_day >= $from::DATE)
  AND ($until::DATE IS NULL OR event_day <= $until::DATE)
  AND ($agency::VARCHAR IS NULL OR list_contains(credited, $agency::VARCHAR))
