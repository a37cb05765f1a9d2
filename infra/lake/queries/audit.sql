-- What each counter of the table hashtags must be: tweets by hashtag, each once, without those that came after their own
-- delete notice. A tweet that was deleted later stays counted, also when it is forgotten: as a total, and while it is
-- being forgotten by its id.
WITH tweet_rows AS (
  SELECT id, hashtags, split_part(position, ':', 2) AS sequence
  FROM tweets
  WHERE kind = 'tweet'
  UNION ALL
  SELECT id, hashtags, split_part(position, ':', 2) AS sequence
  FROM forgotten
  WHERE id IS NOT NULL
),
first_tweet AS (
  SELECT id, min_by(hashtags, sequence) AS hashtags, min(sequence) AS sequence
  FROM tweet_rows
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
),
totals AS (
  SELECT hashtag, count(*) AS tweets
  FROM counted CROSS JOIN UNNEST(hashtags) AS t (hashtag)
  GROUP BY hashtag
  UNION ALL
  SELECT hashtag, tweets
  FROM forgotten
  WHERE hashtag IS NOT NULL
)
SELECT hashtag, CAST(sum(tweets) AS bigint) AS tweets
FROM totals
GROUP BY hashtag
ORDER BY tweets DESC, hashtag
