-- Pairs of hashtags in one tweet, the last 24 hours, without deleted tweets.
WITH recent AS (
  SELECT id, min_by(hashtags, split_part(position, ':', 2)) AS hashtags
  FROM tweets
  WHERE kind = 'tweet'
    AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
    AND id NOT IN (
      SELECT id FROM tweets
      WHERE kind = 'delete' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
    )
  GROUP BY id
)
SELECT a.hashtag AS hashtag, b.hashtag AS other, count(*) AS tweets
FROM recent
CROSS JOIN UNNEST(hashtags) AS a (hashtag)
CROSS JOIN UNNEST(hashtags) AS b (hashtag)
WHERE a.hashtag < b.hashtag
GROUP BY a.hashtag, b.hashtag
ORDER BY tweets DESC, hashtag, other
LIMIT 100
