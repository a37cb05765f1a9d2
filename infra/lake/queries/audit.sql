-- What each counter of the table hashtags must be: tweets by hashtag, each once, without those that came after their own
-- delete notice. A tweet that was deleted later stays counted.
WITH first_tweet AS (
  SELECT
    id,
    min_by(hashtags, split_part(position, ':', 2)) AS hashtags,
    min(split_part(position, ':', 2)) AS sequence
  FROM tweets
  WHERE kind = 'tweet'
  GROUP BY id
),
first_notice AS (
  SELECT id, min(split_part(position, ':', 2)) AS sequence
  FROM tweets
  WHERE kind = 'delete'
  GROUP BY id
),
counted AS (
  SELECT first_tweet.hashtags
  FROM first_tweet LEFT JOIN first_notice ON first_notice.id = first_tweet.id
  WHERE first_notice.sequence IS NULL OR first_tweet.sequence < first_notice.sequence
)
SELECT hashtag, count(*) AS tweets
FROM counted CROSS JOIN UNNEST(hashtags) AS t (hashtag)
GROUP BY hashtag
ORDER BY tweets DESC, hashtag
