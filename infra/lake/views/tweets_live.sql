SELECT id, text, created_at, lang, user_id, user_name, hashtags, retweet_of, kind, position, arrived_at, datehour
FROM tweets_distinct
WHERE id NOT IN (SELECT id FROM tweets WHERE kind = 'delete')
