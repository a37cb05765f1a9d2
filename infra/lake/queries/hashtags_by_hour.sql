-- Tweets by hashtag and hour in the last 24 hours, deleted ones included.
WITH recent AS (
  SELECT id, min_by(hashtags, split_part(position, ':', 2)) AS hashtags, min(datehour) AS datehour
  FROM tweets
  WHERE kind = 'tweet' AND datehour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y/%m/%d/%H')
  GROUP BY id
)
SELECT datehour, hashtag, count(*) AS tweets
FROM recent CROSS JOIN UNNEST(hashtags) AS t (hashtag)
GROUP BY datehour, hashtag
ORDER BY datehour DESC, tweets DESC, hashtag
LIMIT 1000
