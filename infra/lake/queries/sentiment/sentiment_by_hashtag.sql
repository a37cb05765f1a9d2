-- Sentiment by hashtag and hour in the last 24 hours, without deleted tweets: how many tweets of each, and the balance
-- from 1, all positive, to -1, all negative. Tweets that Comprehend did not judge do not count.
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
)
SELECT
  datehour,
  hashtag,
  count(*) AS tweets,
  count_if(sentiment = 'POSITIVE') AS positive,
  count_if(sentiment = 'NEGATIVE') AS negative,
  count_if(sentiment = 'NEUTRAL') AS neutral,
  count_if(sentiment = 'MIXED') AS mixed,
  round(CAST(count_if(sentiment = 'POSITIVE') - count_if(sentiment = 'NEGATIVE') AS double) / count(*), 2) AS balance
FROM recent
JOIN judged ON judged.id = recent.id
CROSS JOIN UNNEST(hashtags) AS t (hashtag)
WHERE sentiment IN ('POSITIVE', 'NEGATIVE', 'NEUTRAL', 'MIXED')
GROUP BY datehour, hashtag
ORDER BY datehour DESC, tweets DESC, hashtag
LIMIT 1000
