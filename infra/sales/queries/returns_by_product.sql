-- Orders that were delivered or returned in the last 24 hours, by product, and the share that came back, in per cent.
WITH reached AS (
  SELECT orderid, min_by(product, sequence) AS product, bool_or(status = 'returned') AS is_returned
  FROM sales
  WHERE status IN ('delivered', 'returned') AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY orderid
)
SELECT
  product,
  count(*) AS delivered,
  count_if(is_returned) AS returned,
  round(CAST(count_if(is_returned) AS double) * 100 / count(*), 1) AS returned_percent
FROM reached
GROUP BY product
ORDER BY returned_percent DESC, delivered DESC, product
