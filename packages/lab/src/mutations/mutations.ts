/** One way to get the scheme wrong, as an edit of the source. */
export interface Mutation {
  /** What is wrong then, in a few words. */
  name: string;
  /** The files that may be edited, as a glob from the project's folder. */
  files: string;
  /** Each `from` occurs exactly `times` (default 1) in these files. */
  edits: { from: string; to: string; times?: number }[];
  /** Parts of the default suite, as paths for jest. They run in this order until one notices: the quickest first. */
  tests: string[];
}

const workflow = {
  files: 'statemachines/ingest/*',
  tests: ['test/statemachines/ingest.test.ts', 'test/properties'],
};

/** The order and the conditions that docs/adr/0011 argues with, broken one by one. */
const ofTheWorkflow: Mutation[] = [
  {
    ...workflow,
    name: 'no high-water mark condition: every delivery is counted',
    edits: [
      {
        from: "'attribute_not_exists(#w) OR #w < :seen'",
        to: "'attribute_not_exists(#w) OR #w < :seen OR #w >= :seen'",
      },
    ],
  },
  {
    ...workflow,
    name: 'the high-water mark may move between reading and adding',
    edits: [{ from: "? '#w = :seen'", to: "? '#w = :seen OR #w <> :seen'" }],
  },
  {
    ...workflow,
    name: 'the whole batch is added when part of it is counted',
    edits: [{ from: "'count': $count($above)", to: "'count': $count($carriers)" }],
  },
  {
    ...workflow,
    name: 'sequences are compared as text, without their length',
    edits: [{ from: "$pad($string($length($substringAfter(of.eventID, ':'))), -3, '0')", to: "'000'" }],
  },
  {
    ...workflow,
    name: 'no duplicate check: every delivery counts, whichever record owns the tweet',
    edits: [{ from: ": record = owner ? 'redelivered'", to: ": true ? 'redelivered'" }],
  },
  {
    ...workflow,
    name: 'a redelivery is taken for a duplicate',
    edits: [{ from: ": record = owner ? 'redelivered'", to: ": false ? 'redelivered'" }],
  },
  {
    ...workflow,
    name: 'the second copy in a batch is not dropped',
    edits: [{ from: "false : $lookup($firstTweet, '#' & id) = index]", to: 'false : true]' }],
  },
  {
    ...workflow,
    name: 'no tombstone check: a tweet after its notice is stored',
    edits: [{ from: '[$outcomes, $deleted.{', to: '[$outcomes, $deleted[false].{' }],
  },
  {
    ...workflow,
    name: 'no second read of tombstones: resurrected tweets stay',
    edits: [
      { from: "id in $tombstones ? 'resurrected'", to: "false ? 'resurrected'" },
      { from: '{% $isRedelivery %}', to: '{% false %}' },
    ],
  },
  {
    ...workflow,
    name: 'the high-water mark is never advanced',
    edits: [{ from: 'SET storedUpTo = :last, updatedAt = :now', to: 'SET updatedAt = :now' }],
  },
  {
    ...workflow,
    name: 'the high-water mark is advanced, and read, before the tweets are stored',
    edits: [
      { from: 'Next: StoreTweets\n\n  StoreTweets:', to: 'Next: AdvanceHighWaterMark\n\n  StoreTweets:' },
      {
        from: 'Next: AdvanceHighWaterMark\n\n  AdvanceHighWaterMark:',
        to: 'Next: HighWaterMarksAdvanced\n\n  AdvanceHighWaterMark:',
      },
      {
        from: 'Next: HighWaterMarksAdvanced\n\n  ReadCounterItem:',
        to: 'Next: StoreTweets\n\n  ReadCounterItem:',
      },
      {
        from: 'Next: HighWaterMarksAdvanced\n\n  HighWaterMarksAdvanced:',
        to: 'Next: StoreTweets\n\n  HighWaterMarksAdvanced:',
      },
    ],
  },
  {
    ...workflow,
    name: 'the old high-water mark is ignored',
    edits: [
      {
        from: '$isRedelivery or $states.result.Attributes.storedUpTo.S >= $batch.shards[$advanced].first',
        to: '$isRedelivery',
      },
    ],
  },
  {
    ...workflow,
    name: 'a high-water mark that is higher already reveals no redelivery',
    edits: [{ from: 'isRedelivery: true', to: 'isRedelivery: "{% $isRedelivery %}"' }],
  },
  {
    ...workflow,
    name: 'the high-water mark is written unconditionally: a late execution sets it back',
    edits: [
      {
        from: 'attribute_not_exists(storedUpTo) OR storedUpTo < :last',
        to: 'attribute_not_exists(storedUpTo) OR storedUpTo < :last OR storedUpTo >= :last',
      },
    ],
  },
  {
    ...workflow,
    name: 'the high-water mark is advanced only when something is counted',
    edits: [
      {
        from: 'Next: AdvanceHighWaterMark\n\n  AdvanceHighWaterMark:',
        to: `Next: AnyCounted

  AnyCounted:
    Type: Choice
    Choices:
      - Condition: >-
          {% ($skipped := $outcomes[outcome != 'redelivered'].index;
          $count($batch.tweets.*[$not(index in $skipped)]) > 0) %}
        Next: AdvanceHighWaterMark
    Default: AnyDeletesOrQuarantine

  AdvanceHighWaterMark:`,
      },
    ],
  },
  {
    ...workflow,
    name: 'a shard does not keep its item: after a deployment it counts on another',
    edits: [{ from: 'counterItem = if_not_exists(counterItem, :item)', to: 'counterItem = :item' }],
  },
  {
    ...workflow,
    name: 'a redelivery counts on the item that a new shard would have',
    edits: [{ from: "$append($states.result.Item.counterItem.N, '0')[0]", to: '$string($shard.item)' }],
  },
  {
    ...workflow,
    name: 'the counter is read on item 0, wherever the shard counts',
    edits: [
      {
        from: 'Key: { hashtag: { S: !jsonata counter-key.jsonata } }',
        to: 'Key: { hashtag: { S: "{% $states.input.hashtag %}" } }',
      },
    ],
  },
  {
    name: 'the sum of a counter forgets an item',
    files: 'packages/cli/src/tables/counter-items.ts',
    edits: [
      {
        from: 'const keys = counterKeys(hashtag)',
        to: 'const keys = counterKeys(hashtag).slice(0, 7)',
      },
    ],
    tests: ['packages/cli/test/recovery/redrive.test.ts'],
  },
  {
    name: 'redrive counts on item 0, though the shard counts on another',
    files: 'packages/cli/src/recovery/settle-tweet.ts',
    edits: [{ from: 'counterKey(hashtag, uncounted?.item ?? 0)', to: 'counterKey(hashtag, 0)' }],
    tests: ['packages/cli/test/recovery/redrive.test.ts'],
  },
  {
    ...workflow,
    name: 'a tweet after its notice in one batch is kept',
    edits: [{ from: "$lookup($firstNotice, '#' & id) < index ? false : ", to: '' }],
  },
  {
    ...workflow,
    name: 'deletes before counts',
    edits: [
      { from: 'Default: CountHashtags', to: 'Default: AnyDeletesOrQuarantine' },
      { from: 'Next: CountHashtags\n\n  CountHashtags:', to: 'Next: AnyDeletesOrQuarantine\n\n  CountHashtags:' },
      { from: 'Default: BatchDone', to: 'Default: CountHashtags' },
      { from: 'Next: QuarantineRecords\n\n  QuarantineRecords:', to: 'Next: DeleteTweets\n\n  QuarantineRecords:' },
      { from: 'Next: BatchDone\n\n  BatchDone:', to: 'Next: CountHashtags\n\n  BatchDone:' },
      {
        from: 'Next: AnyDeletesOrQuarantine\n\n  AnyDeletesOrQuarantine:',
        to: 'Next: QuarantineRecords\n\n  AnyDeletesOrQuarantine:',
      },
      { from: 'Next: DeleteTweets\n\n  DeleteTweets:', to: 'Next: BatchDone\n\n  DeleteTweets:' },
    ],
  },
  {
    ...workflow,
    name: 'quarantine after the deletes',
    edits: [
      { from: 'Next: QuarantineRecords\n\n  QuarantineRecords:', to: 'Next: DeleteTweets\n\n  QuarantineRecords:' },
      { from: 'Next: BatchDone\n\n  BatchDone:', to: 'Next: QuarantineRecords\n\n  BatchDone:' },
      { from: 'Next: DeleteTweets\n\n  DeleteTweets:', to: 'Next: BatchDone\n\n  DeleteTweets:' },
    ],
  },
  {
    ...workflow,
    name: 'partial failure ignored: throttled statements are dropped',
    edits: [{ from: "'left': [$failed[Code in $throttled].index]", to: "'left': []" }],
  },
  {
    ...workflow,
    name: 'partial failure ignored: other statement errors are dropped',
    edits: [{ from: '{% $count($states.input.fatal) > 0 %}', to: '{% false %}' }],
  },
  {
    ...workflow,
    name: 'partial failure ignored: unprocessed keys are not read again',
    edits: [{ from: '$assert($count($keys($states.result.UnprocessedKeys)) = 0', to: '$assert(true', times: 2 }],
  },
  {
    ...workflow,
    name: 'a broken order is not reported: tweets below the high-water mark',
    edits: [{ from: "'late': $input.isRead or $seen in $below.sequence ?", to: "'late': true ?" }],
  },
  {
    ...workflow,
    name: 'a count of its own without an answer is taken for that of another execution',
    edits: [{ from: "'mustRead': $lookup($lastNew, $) != $lookup($last, $) ? true", to: "'mustRead': false" }],
  },
  {
    ...workflow,
    name: 'a later read of the counter reports again what was overtaken',
    edits: [{ from: "'late': $input.isRead or $seen in", to: "'late': $seen in" }],
  },
  {
    ...workflow,
    name: 'a broken order is not reported: notices before their tweets',
    edits: [{ from: "(tombstone.tweetRecord = ''\n      or", to: '(false\n      and' }],
  },
  {
    ...workflow,
    name: 'a broken order is not reported: tweets before their notices',
    edits: [{ from: '$removals[record < tweetRecord and', to: '$removals[false and' }],
  },
  {
    ...workflow,
    name: 'all parts of a batch have the indexes of the first',
    edits: [{ from: "'index': 40 * $part + $i", to: "'index': $i" }],
  },
  {
    ...workflow,
    name: 'only the first group of hashtags is counted',
    edits: [
      {
        from: '[$partition([$batch.shards.$ofShard($)], 40)]',
        to: '[[$partition([$batch.shards.$ofShard($)], 40)[0]]]',
      },
    ],
  },
  {
    ...workflow,
    name: 'tweets of another shard of the batch are counted with those of this one',
    edits: [{ from: "$substringBefore(record, ':') = $shard.shard]", to: 'true]' }],
  },
  {
    ...workflow,
    name: 'what is not to be counted is counted',
    edits: [{ from: "$skipped := $outcomes[outcome != 'redelivered'].index", to: '$skipped := []', times: 2 }],
  },
];

/** What the pipe, Firehose and the producer promise to the workflow and the archive. */
const ofTheDelivery: Mutation[] = [
  {
    name: "checkpoint before the target's answer",
    files: 'packages/local-aws/src/pipes/shard-worker.ts',
    edits: [
      {
        from: 'const result = await this.#deliver(batch, stop, cut);',
        to: 'await this.#advance(batch.at(-1)?.sequenceNumber);\n        const result = await this.#deliver(batch, stop, cut);',
      },
    ],
    tests: ['packages/local-aws/test/pipes/service.test.ts'],
  },
  {
    name: 'a failed execution is taken for success',
    files: 'packages/local-aws/src/pipes/targets/state-machine-target.ts',
    edits: [{ from: "if (status !== 'SUCCEEDED')", to: "if (status === 'ABORTED')" }],
    tests: ['packages/local-aws/test/pipes/targets'],
  },
  {
    name: 'partial failure ignored: batchItemFailures of a target',
    files: 'packages/local-aws/src/pipes/execution.ts',
    edits: [
      {
        from: 'const failed = batchItemFailures(answer, eventIds);',
        to: 'const failed = batchItemFailures(undefined, eventIds);',
      },
    ],
    tests: ['packages/local-aws/test/pipes/execution.test.ts'],
  },
  {
    name: 'partial failure ignored: FailedPutCount of Firehose',
    files: 'packages/local-aws/src/pipes/targets/firehose-target.ts',
    edits: [{ from: 'if ((answer.FailedPutCount ?? 0) === 0)', to: 'if ((answer.FailedPutCount ?? 0) >= 0)' }],
    tests: ['packages/local-aws/test/pipes/targets'],
  },
  {
    name: "partial failure ignored: the pipe takes every record of its stream's answer as written",
    files: 'packages/local-aws/src/pipes/targets/kinesis-target.ts',
    edits: [{ from: 'results[index]?.SequenceNumber !== undefined', to: 'index >= 0' }],
    tests: ['packages/local-aws/test/pipes/kinesis-order.test.ts'],
  },
  {
    name: 'two changes of one key in one PutRecords of a pipe',
    files: 'packages/local-aws/src/pipes/targets/kinesis-target.ts',
    edits: [{ from: 'if (keys.has(record.key)) continue;', to: 'if (keys.size < 0) continue;' }],
    tests: ['packages/local-aws/test/pipes/kinesis-order.test.ts'],
  },
  {
    name: 'the second half of a failed batch goes first',
    files: 'packages/local-aws/src/pipes/delivery.ts',
    edits: [
      {
        from: 'const [first, second] = parts.bisect(failed);',
        to: 'const [second, first] = parts.bisect(failed);',
      },
    ],
    tests: ['packages/local-aws/test/pipes/delivery.test.ts'],
  },
  {
    name: 'a child shard does not wait for its parent',
    files: 'packages/local-aws/src/pipes/shard-group.ts',
    edits: [{ from: "checkpoint.get(parent)?.at !== 'end'", to: "checkpoint.get(parent)?.at === 'time'" }],
    tests: ['packages/local-aws/test/pipes/service.test.ts'],
  },
  {
    name: 'Firehose answers before its journal is on disk',
    files: 'packages/local-aws/src/firehose/journal.ts',
    edits: [
      {
        from: 'await this.#write(frame);\n        this.#account(frame);',
        to: 'for (const { resolve } of group) resolve();\n        await this.#write(frame);\n        this.#account(frame);',
      },
    ],
    tests: ['packages/local-aws/test/firehose'],
  },
  {
    name: 'a flush that is repeated chooses another object key',
    files: 'packages/local-aws/src/firehose/delivery-stream.ts',
    edits: [{ from: 'if (isByOther || journal.plan === undefined) {', to: 'if (journal.records >= 0) {' }],
    tests: ['packages/local-aws/test/firehose'],
  },
  {
    name: 'partial failure ignored: the producer takes every record of PutRecords as landed',
    files: 'producer/kinesis-sink.ts',
    edits: [{ from: 'if (ShardId !== undefined && SequenceNumber !== undefined) {', to: 'if (results.length > 0) {' }],
    tests: ['test/producer/kinesis-writer.test.ts'],
  },
];

const spellings = {
  files: 'statemachines/ingest/*',
  tests: [
    'test/statemachines/expressions.test.ts',
    'test/statemachines/normalized-hashtags.test.ts',
    'test/statemachines/ingest.test.ts',
  ],
};

/** How hashtags and posts with several spellings or versions become one (docs/adr/0040), broken one by one. */
const ofSpellings: Mutation[] = [
  {
    ...spellings,
    name: 'hashtags keep the spelling of their tweet',
    edits: [{ from: '[spelling != word]', to: '[false]' }],
  },
  {
    ...spellings,
    name: 'marks of a letter keep their order',
    edits: [{ from: '[${Marks}]+/, $sorted)', to: '[${Marks}]+/, function($marks) { $marks.match })' }],
  },
  {
    ...spellings,
    name: 'letter and mark are not composed',
    edits: [{ from: '$isFree ? $whole(', to: 'false ? $whole(' }],
  },
  {
    ...spellings,
    name: 'a mark joins its letter past another mark of its class',
    edits: [{ from: '$isFree := $length($end) < 2', to: '$isFree := true' }],
  },
  {
    ...spellings,
    name: 'a tweet counts each spelling of a hashtag',
    edits: [
      {
        from: "[$keys($merge(hashtags.{ '#' & $append($lookup($spellings, '#' & $), $)[0]: 1 })).$substringAfter($, '#')]",
        to: "[hashtags.($append($lookup($spellings, '#' & $), $)[0])]",
      },
    ],
  },
  {
    ...spellings,
    name: 'each version of an edited post is a tweet of its own',
    edits: [
      {
        from: "$type(of.body.edit_history_tweet_ids[0]) = 'string'",
        to: "$type(of.body.edit_history_tweet_ids[0]) = 'post'",
      },
    ],
  },
];

const sales = { tests: ['test/functions/flatten-orders', 'test/infra/sales'] };

/** How the sales lake gets the table of orders back, broken one by one. */
const ofOrders: Mutation[] = [
  {
    ...sales,
    name: 'sequence numbers sort as text',
    files: 'functions/flatten-orders/order-row.ts',
    edits: [{ from: "sequence.padStart(sequenceDigits, '0')", to: 'sequence' }],
  },
  {
    ...sales,
    name: 'the newest change is the one that arrived last, whatever its sequence number',
    files: 'infra/sales/views/current_orders.sql',
    edits: [{ from: 'ORDER BY sequence DESC, datehour', to: 'ORDER BY datehour DESC' }],
  },
  {
    ...sales,
    name: 'removed orders stay current',
    files: 'infra/sales/views/current_orders.sql',
    edits: [{ from: ' AND NOT deleted', to: '' }],
  },
  {
    ...sales,
    name: 'a change that was delivered twice counts twice',
    files: 'infra/sales/views/sales_distinct.sql',
    edits: [{ from: 'WHERE copy = 1', to: 'WHERE copy > 0' }],
  },
  {
    name: 'partial failure ignored: what BatchWriteItem left counts as written',
    files: 'producer/orders/order-sink.ts',
    edits: [{ from: 'left.has(partitionKey)', to: "left.has('')" }],
    tests: ['test/producer/orders.test.ts'],
  },
  {
    name: 'a minute of the generator that is run again brings deleted orders back',
    files: 'functions/generate-orders/write-minute.ts',
    edits: [{ from: 'if (minute > known.minute)', to: 'if (minute < 0)' }],
    tests: ['test/functions/generate-orders'],
  },
  {
    name: 'a minute of the generator that is run again leads orders back',
    files: 'functions/generate-orders/put-change.ts',
    edits: [{ from: ' OR updated_at < :at', to: ' OR attribute_exists(orderid)' }],
    tests: ['test/functions/generate-orders'],
  },
];

const sentiment = {
  files: 'statemachines/sentiment/*',
  tests: ['test/statemachines/sentiment.test.ts', 'test/properties/sentiment-properties.test.ts'],
};

/** The conditions that docs/adr/0045 argues with, broken one by one. */
const ofSentiment: Mutation[] = [
  {
    ...sentiment,
    name: 'sentiment is written to another tweet under the same id',
    edits: [
      {
        from: "'ConditionExpression': '#record = :record'",
        to: "'ConditionExpression': 'attribute_exists(#record) AND (#record = :record OR #record <> :record)'",
      },
    ],
  },
  {
    ...sentiment,
    name: 'a failure replaces a sentiment',
    edits: [{ from: "'FAILED' ? ' AND attribute_not_exists(sentiment)'", to: "'FAILED' ? ''" }],
  },
  {
    ...sentiment,
    name: 'a redelivered tweet is asked for again',
    edits: [{ from: '$exists(item.sentiment) ? item.sentiment.S : of.sentiment', to: 'of.sentiment' }],
  },
  {
    ...sentiment,
    name: 'keys that were not read are taken for tweets that are gone',
    edits: [{ from: '$count($keys($states.result.UnprocessedKeys)) = 0', to: 'true' }],
  },
  {
    ...sentiment,
    name: 'a redelivered tweet has no row',
    edits: [{ from: '$known[isWritten].{', to: '$known[isWritten and isGone].{' }],
  },
];

const forgetting = { files: 'packages/kit/src/forgetting/forget.ts', tests: ['packages/kit/test/forgetting'] };

/** How the lake forgets (docs/adr/0046), broken one by one. */
const ofForgetting: Mutation[] = [
  {
    ...forgetting,
    name: 'a plan that was not carried out to its end counts as forgotten',
    edits: [{ from: 'if (!isComplete) return false;', to: '' }],
  },
  {
    ...forgetting,
    name: 'a file that changed before it was written is taken for written',
    edits: [{ from: 'if (written === undefined) continue;', to: 'if (written === undefined) return;' }],
  },
  {
    ...forgetting,
    name: 'what was listed late is not searched once more',
    edits: [{ from: 'this.#progress.searchedMs - SEARCHED_AGAIN_MS', to: 'this.#progress.searchedMs' }],
  },
  {
    ...forgetting,
    name: 'results of queries stay',
    edits: [{ from: ': this.#progress.resultsBeforeMs > 0;', to: ': false;' }],
  },
  {
    ...forgetting,
    name: 'versions that are not current stay',
    edits: [{ from: 'if (!version.isCurrent) {', to: 'if (version.key === undefined) {' }],
  },
];

const policies = {
  files: 'packages/local-aws/src/iam/*.ts',
  tests: ['packages/local-aws/test/iam/access-store.test.ts', 'test/iam'],
};

/** How policies decide (docs/adr/0058), broken one by one. */
const ofPolicies: Mutation[] = [
  {
    ...policies,
    name: 'an explicit deny in a policy of a role is ignored',
    edits: [{ from: "if (identity.isDenied) return { by: 'identity', isExplicit: true };", to: '' }],
  },
  {
    ...policies,
    name: 'an explicit deny in a policy of a resource is ignored',
    edits: [{ from: "if (resource.isDenied) return { by: 'resource', isExplicit: true };", to: '' }],
  },
  {
    ...policies,
    name: 'NotAction is read as Action',
    edits: [
      {
        from: 'matchers.some((matcher) => matcher(action, noKeys) === true) !== given.isNegated',
        to: 'matchers.some((matcher) => matcher(action, noKeys) === true)',
      },
    ],
  },
  {
    ...policies,
    name: 'a missing condition key fulfils the condition',
    edits: [{ from: 'if (value === undefined) return whenMissing;', to: 'if (value === undefined) return true;' }],
  },
  {
    ...policies,
    name: 'a policy variable without a value fits',
    edits: [{ from: 'if (source === undefined) return undefined;', to: 'if (source === undefined) return true;' }],
  },
  {
    ...policies,
    name: 'a wildcard crosses the segments of an ARN',
    edits: [
      {
        from: "if (pattern === '*') return () => true;",
        to: "if (pattern !== '') return textMatcher(tokensOf(pattern, { hasWildcards: true, hasVariables }));",
      },
    ],
  },
  {
    ...policies,
    name: 'the account in a resource policy allows by itself',
    edits: [
      {
        from: "const isNamed = resource.allows === 'direct' || resource.allows === 'role';",
        to: 'const isNamed = resource.allows !== undefined;',
      },
    ],
  },
  {
    ...policies,
    name: 'a permissions boundary limits nothing',
    edits: [{ from: 'const isLimited = boundary !== undefined &&', to: 'const isLimited = false &&' }],
  },
  {
    ...policies,
    name: 'a decision by a key of the request is kept for the next one',
    edits: [{ from: 'const mayKeep = !keys.variesByRequest();', to: 'const mayKeep = true;' }],
  },
  {
    ...policies,
    name: 'decisions are kept when a policy changes',
    edits: [{ from: '    this.#kept.clear();\n  }', to: '  }', times: 6 }],
  },
];

const expressions = {
  files: 'packages/local-aws/src/states/jsonata/**/*.ts',
  tests: ['packages/local-aws/test/states/jsonata/compiler.test.ts'],
};

/** The compiler of JSONata: it does what the library does (docs/adr/0060). */
const ofExpressions: Mutation[] = [
  {
    ...expressions,
    name: 'an array that is written out in a path is flattened',
    edits: [{ from: '!Array.isArray(result) || isConstructed(result)', to: '!Array.isArray(result)' }],
  },
  {
    ...expressions,
    name: 'an empty array ends a path, also in its last step',
    edits: [{ from: 'many.length === 0 && step !== last', to: 'many.length === 0' }],
  },
  {
    ...expressions,
    name: 'members of an object are evaluated in the order of the text',
    edits: [{ from: 'Object.values(Object.fromEntries(values))', to: '[...values.values()]' }],
  },
  {
    ...expressions,
    name: 'places in predicates do not count from the end',
    edits: [{ from: 'Math.floor(place) + (place < 0 ? length : 0)', to: 'Math.floor(place)' }],
  },
  {
    ...expressions,
    name: 'leaves do not count in the depth of members that are evaluated at once',
    edits: [{ from: 'this.#live < this.#peak &&', to: '' }],
  },
  {
    ...expressions,
    name: 'a variable is taken for a built-in function of its name',
    edits: [{ from: 'binds: (name) => bound.has(name)', to: 'binds: (name) => bound.has(name) && false' }],
  },
  {
    ...expressions,
    name: 'a value of the data that looks like a function has members',
    edits: [{ from: 'if (library.isFunction(input)) return undefined;', to: '' }],
  },
  {
    ...expressions,
    name: 'the call that a function ends with is not made',
    edits: [{ from: 'hasMembers(result) && result.thunk === true', to: 'false' }],
  },
  {
    ...expressions,
    name: 'an error of a built-in function has no place',
    edits: [
      {
        from: 'return library.callFunction(node, Object.assign(rethrow, place), args, input, frame);',
        to: 'rethrow();',
      },
    ],
  },
];

export const mutations: readonly Mutation[] = [
  ...ofTheWorkflow,
  ...ofSpellings,
  ...ofTheDelivery,
  ...ofOrders,
  ...ofSentiment,
  ...ofForgetting,
  ...ofPolicies,
  ...ofExpressions,
];
