-- How many seconds orders took from placed to delivered, by country, of those delivered in the last 24 hours.
WITH delivered AS (
  SELECT
    orderid,
    min_by(country, sequence) AS country,
    min_by(
      date_diff('second', try(from_iso8601_timestamp(created_at)), try(from_iso8601_timestamp(updated_at))),
      sequence
    ) AS seconds
  FROM sales
  WHERE status = 'delivered' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY orderid
)
SELECT
  country,
  count(*) AS orders,
  min(seconds) AS fastest,
  approx_percentile(seconds, 0.5) AS median,
  max(seconds) AS slowest
FROM delivered
GROUP BY country
ORDER BY orders DESC, country
