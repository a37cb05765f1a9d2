-- Tweets by language in the last 24 hours, without deleted ones, and their share in per cent.
WITH counted AS (
  SELECT coalesce(lang, 'none') AS lang, count(DISTINCT id) AS tweets
  FROM tweets
  WHERE kind = 'tweet'
    AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
    AND id NOT IN (
      SELECT id FROM tweets
      WHERE kind = 'delete' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
    )
  GROUP BY coalesce(lang, 'none')
)
SELECT lang, tweets, round(CAST(tweets AS double) * 100 / sum(tweets) OVER (), 1) AS percent
FROM counted
ORDER BY tweets DESC, lang
