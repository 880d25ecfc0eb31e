-- Published cells with the years and months they lie in. A cell whose period crosses the border of a year or month
-- belongs to none, and says so with NULL.
WITH
chosen AS (
    SELECT *, coalesce(period_end, period_start) AS last_day
    FROM "seizure-total"
    WHERE ($drug::VARCHAR[] IS NULL OR list_contains($drug::VARCHAR[], drug))
      AND ($region::VARCHAR[] IS NULL OR list_contains($region::VARCHAR[], region))
      AND ($component::VARCHAR[] IS NULL OR list_contains($component::VARCHAR[], component))
      AND ($from::DATE IS NULL OR period_start >= $from::DATE)
      AND ($until::DATE IS NULL OR coalesce(period_end, period_start) <= $until::DATE)
),
dated AS (
    SELECT
        *,
        -- 31 U.S.C. 1102: October to September, named by its end
        year(period_start) + (month(period_start) >= 10)::INTEGER AS us_first,
        year(last_day) + (month(last_day) >= 10)::INTEGER AS us_last,
        -- Financial Administration Act, s. 2: April to March
        year(period_start) - (month(period_start) < 4)::INTEGER AS ca_first,
        year(last_day) - (month(last_day) < 4)::INTEGER AS ca_last
    FROM chosen
)
SELECT
    * EXCLUDE (last_day, us_first, us_last, ca_first, ca_last),
    CASE WHEN us_first = us_last THEN us_first::BIGINT END AS fiscal_year_us,
    CASE WHEN ca_first = ca_last THEN printf('%d-%02d', ca_first, (ca_first + 1) % 100) END AS fiscal_year_ca,
    CASE WHEN year(period_start) = year(last_day) THEN year(period_start)::BIGINT END AS calendar_year,
    CASE
        WHEN date_trunc('month', period_start) = date_trunc('month', last_day) THEN strftime(period_start, '%Y-%m')
    END AS month,
    [
        strftime(day, '%Y-%m') FOR day IN
        range(date_trunc('month', period_start)::TIMESTAMP, last_day::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 MONTH)
    ] AS months
FROM dated
