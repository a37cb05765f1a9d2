-- What was paid in the last 24 hours, by product, hour and currency, in the smallest unit of the currency. Orders that
-- were returned or deleted later count.
WITH paid AS (
  SELECT
    orderid,
    min_by(product, sequence) AS product,
    min_by(currency, sequence) AS currency,
    min_by(quantity, sequence) AS quantity,
    min_by(price_minor, sequence) AS price_minor,
    min(changed_at) AS paid_at
  FROM sales
  WHERE status = 'paid' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY orderid
)
SELECT
  date_trunc('hour', paid_at) AS hour,
  product,
  currency,
  count(*) AS orders,
  CAST(sum(quantity) AS bigint) AS pieces,
  CAST(sum(price_minor * quantity) AS bigint) AS revenue_minor
FROM paid
GROUP BY date_trunc('hour', paid_at), product, currency
ORDER BY hour DESC, product, currency
