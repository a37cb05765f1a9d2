-- Of the orders that changed in the last 24 hours: how many reached each status in that time, and how many have it now.
-- Deleted orders reached theirs and have none.
WITH recent AS (
  SELECT orderid, status, deleted, sequence
  FROM sales
  WHERE datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
),
latest AS (
  SELECT orderid, max_by(status, sequence) AS status, max_by(deleted, sequence) AS deleted
  FROM recent
  GROUP BY orderid
),
reached AS (
  SELECT status, count(DISTINCT orderid) AS orders
  FROM recent
  WHERE status IS NOT NULL
  GROUP BY status
),
present AS (
  SELECT status, count(*) AS orders
  FROM latest
  WHERE NOT deleted
  GROUP BY status
)
SELECT reached.status, reached.orders AS reached, coalesce(present.orders, 0) AS now
FROM reached LEFT JOIN present ON present.status = reached.status
ORDER BY
  CASE reached.status
    WHEN 'placed' THEN 1
    WHEN 'paid' THEN 2
    WHEN 'shipped' THEN 3
    WHEN 'delivered' THEN 4
    WHEN 'returned' THEN 5
    WHEN 'cancelled' THEN 6
    ELSE 7
  END,
  reached.status
