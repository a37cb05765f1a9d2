-- Changes of orders by hour in the last 24 hours, each once.
SELECT
  datehour,
  count_if(change = 'insert') AS inserted,
  count_if(change = 'modify') AS modified,
  count_if(change = 'remove') AS removed
FROM (
  SELECT {{keys}}, sequence, min(datehour) AS datehour, min(change) AS change
  FROM sales
  WHERE datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY {{keys}}, sequence
)
GROUP BY datehour
ORDER BY datehour DESC
