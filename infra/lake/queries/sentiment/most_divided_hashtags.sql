-- Hashtags that divide most in the last 24 hours, without deleted tweets: the smaller of the shares of positive and of
-- negative tweets, in per cent, at most 50. Hashtags of fewer than 10 judged tweets are left out.
WITH recent AS (
  SELECT id, min_by(hashtags, split_part(position, ':', 2)) AS hashtags, min(datehour) AS datehour
  FROM tweets
  WHERE kind = 'tweet'
    AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
    AND id NOT IN (
      SELECT id FROM tweets
      WHERE kind = 'delete' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
    )
  GROUP BY id
),
judged AS (
  SELECT id, max_by(sentiment, detected_at) AS sentiment
  FROM sentiment
  WHERE datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY id
),
counted AS (
  SELECT
    hashtag,
    count(*) AS tweets,
    count_if(sentiment = 'POSITIVE') AS positive,
    count_if(sentiment = 'NEGATIVE') AS negative
  FROM recent
  JOIN judged ON judged.id = recent.id
  CROSS JOIN UNNEST(hashtags) AS t (hashtag)
  WHERE sentiment IN ('POSITIVE', 'NEGATIVE', 'NEUTRAL', 'MIXED')
  GROUP BY hashtag
)
SELECT
  hashtag,
  tweets,
  positive,
  negative,
  round(CAST(least(positive, negative) AS double) * 100 / tweets, 1) AS divided
FROM counted
WHERE tweets >= 10 AND positive > 0 AND negative > 0
ORDER BY divided DESC, tweets DESC, hashtag
LIMIT 50
