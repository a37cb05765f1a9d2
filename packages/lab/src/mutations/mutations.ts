/** One way to get the scheme wrong, as an edit of the source. */
export interface Mutation {
  /** What is wrong then, in a few words. */
  name: string;
  /** The files that may be edited, as a glob from the project's folder. */
  files: string;
  /** Each `from` occurs exactly `times` (default 1) in these files. */
  edits: { from: string; to: string; times?: number }[];
  /** The part of the default suite that is run, as paths for jest. */
  tests: string[];
}

const workflow = {
  files: 'statemachines/ingest/*',
  tests: ['test/properties', 'test/statemachines'],
};

/** The order and the conditions that docs/adr/0011 argues with, broken one by one. */
const ofTheWorkflow: Mutation[] = [
  {
    ...workflow,
    name: 'no high-water mark condition: every delivery is counted',
    edits: [
      {
        from: "'attribute_not_exists(#w) OR #w < :first'",
        to: "'attribute_not_exists(#w) OR #w < :first OR #w >= :first'",
      },
    ],
  },
  {
    ...workflow,
    name: 'the high-water mark may move between reading and adding',
    edits: [{ from: 'ConditionExpression: "#w = :seen"', to: 'ConditionExpression: "#w = :seen OR #w <> :seen"' }],
  },
  {
    ...workflow,
    name: 'the whole batch is added when part of it is counted',
    edits: [
      {
        from: ':n":\n                N: "{% $string($count($states.input.above)) %}"',
        to: ':n":\n                N: "{% $string($count($states.input.indexes)) %}"',
      },
    ],
  },
  {
    ...workflow,
    name: 'sequences are compared as text, without their length',
    edits: [{ from: "$formatInteger($length($sequence), '000') & $sequence", to: "'000' & $sequence" }],
  },
  {
    ...workflow,
    name: 'no duplicate check: every delivery counts, whichever record owns the tweet',
    edits: [{ from: ": record = $owner ? 'redelivered'", to: ": true ? 'redelivered'" }],
  },
  {
    ...workflow,
    name: 'a redelivery is taken for a duplicate',
    edits: [{ from: ": record = $owner ? 'redelivered'", to: ": false ? 'redelivered'" }],
  },
  {
    ...workflow,
    name: 'the second copy in a batch is not dropped',
    edits: [{ from: "index = $lookup($firstTweet, '#' & id) and", to: 'true and' }],
  },
  {
    ...workflow,
    name: 'no tombstone check: a tweet after its notice is stored',
    edits: [{ from: '[$batch.tweets[$not(id in $deleted)].index]', to: '[$batch.tweets.index]' }],
  },
  {
    ...workflow,
    name: 'no second read of tombstones: resurrected tweets stay',
    edits: [
      { from: "id in $input.tombstones ? 'resurrected'", to: "false ? 'resurrected'" },
      { from: '{% $isRedelivery and $count($stored) > 0 %}', to: '{% false %}' },
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
      { from: 'Next: AnyAccepted\n\n  AnyAccepted:', to: 'Next: AdvanceHighWaterMark\n\n  AnyAccepted:' },
      {
        from: 'Next: StoreTweets\n    Default: AdvanceHighWaterMark',
        to: 'Next: StoreTweets\n    Default: HighWaterMarksAdvanced',
      },
      {
        from: 'Next: AdvanceHighWaterMark\n\n  AdvanceHighWaterMark:',
        to: 'Next: HighWaterMarksAdvanced\n\n  AdvanceHighWaterMark:',
      },
      { from: 'Next: HighWaterMarksAdvanced\n    Assign:', to: 'Next: AnyAccepted\n    Assign:' },
      {
        from: 'Next: HighWaterMarksAdvanced\n\n  HighWaterMarksAdvanced:',
        to: 'Next: AnyAccepted\n\n  HighWaterMarksAdvanced:',
      },
      { from: '{% $count($accepted) > 0 %}', to: '{% $count($batch.tweets) > 0 ? $count($accepted) > 0 : false %}' },
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
        from: 'Next: StoreTweets\n    Default: AdvanceHighWaterMark',
        to: 'Next: StoreTweets\n    Default: AnyDeleteNotices',
      },
      {
        from: 'Next: BatchDone\n    Default: AdvanceHighWaterMark',
        to: 'Next: BatchDone\n    Default: AnyDeleteNotices',
      },
      {
        from: 'Next: AdvanceHighWaterMark\n\n  AdvanceHighWaterMark:',
        to: 'Next: AnyCounted\n\n  AnyCounted:\n    Type: Choice\n    Choices:\n      - Condition: "{% $count($counted) > 0 %}"\n        Next: AdvanceHighWaterMark\n    Default: AnyDeleteNotices\n\n  AdvanceHighWaterMark:',
      },
    ],
  },
  {
    ...workflow,
    name: 'a tweet after its notice in one batch is kept',
    edits: [{ from: '($exists($deletedAt) ? index < $deletedAt : true)', to: 'true' }],
  },
  {
    ...workflow,
    name: 'deletes before counts',
    edits: [
      { from: 'Next: CountHashtags\n\n  CountHashtags:', to: 'Next: AnyDeleteNotices\n\n  CountHashtags:' },
      { from: 'Default: AnyQuarantine\n\n  LookUpDeletedTweets', to: 'Default: AnyRemovals\n\n  LookUpDeletedTweets' },
      { from: 'Next: AnyQuarantine\n\n  AnyQuarantine:', to: 'Next: AnyRemovals\n\n  AnyQuarantine:' },
      { from: 'Next: DeleteTweets\n    Default: BatchDone', to: 'Next: DeleteTweets\n    Default: CountHashtags' },
      { from: 'Next: BatchDone\n\n  BatchDone:', to: 'Next: CountHashtags\n\n  BatchDone:' },
      { from: 'Next: AnyDeleteNotices\n\n  AnyDeleteNotices:', to: 'Next: AnyQuarantine\n\n  AnyDeleteNotices:' },
      {
        from: 'Next: QuarantineRecords\n    Default: AnyRemovals',
        to: 'Next: QuarantineRecords\n    Default: BatchDone',
      },
      { from: 'Next: AnyRemovals\n\n  AnyRemovals:', to: 'Next: BatchDone\n\n  AnyRemovals:' },
    ],
  },
  {
    ...workflow,
    name: 'quarantine after the deletes',
    edits: [
      { from: 'Default: AnyQuarantine', to: 'Default: AnyRemovals' },
      { from: 'Next: AnyQuarantine\n\n  AnyQuarantine:', to: 'Next: AnyRemovals\n\n  AnyQuarantine:' },
      { from: 'Next: DeleteTweets\n    Default: BatchDone', to: 'Next: DeleteTweets\n    Default: AnyQuarantine' },
      { from: 'Next: BatchDone\n\n  BatchDone:', to: 'Next: AnyQuarantine\n\n  BatchDone:' },
      {
        from: 'Next: QuarantineRecords\n    Default: AnyRemovals',
        to: 'Next: QuarantineRecords\n    Default: BatchDone',
      },
      { from: 'Next: AnyRemovals\n\n  AnyRemovals:', to: 'Next: BatchDone\n\n  AnyRemovals:' },
    ],
  },
  {
    ...workflow,
    name: 'partial failure ignored: throttled statements are dropped',
    edits: [{ from: "'indexes': [$answers[code in $again].index]", to: "'indexes': []" }],
  },
  {
    ...workflow,
    name: 'partial failure ignored: other statement errors are dropped',
    edits: [{ from: 'Condition: "{% $count($states.input.fatal) > 0 %}"', to: 'Condition: "{% false %}"' }],
  },
  {
    ...workflow,
    name: 'partial failure ignored: unprocessed keys are not read again',
    edits: [
      { from: '$exists($states.result.UnprocessedKeys) ? $states.result.UnprocessedKeys : {}', to: '{}', times: 4 },
    ],
  },
  {
    ...workflow,
    name: 'a broken order is not reported: tweets below the high-water mark',
    edits: [{ from: "'late': $input.isRead or $writtenHere ? ", to: "'late': true ? " }],
  },
  {
    ...workflow,
    name: 'a count of its own without an answer is taken for that of another execution',
    edits: [{ from: "'mustRead': [index][-1] in $stored ? false : ", to: "'mustRead': true ? false : " }],
  },
  {
    ...workflow,
    name: 'a later read of the counter reports again what was overtaken',
    edits: [{ from: "'late': $input.isRead or $writtenHere ? ", to: "'late': $writtenHere ? " }],
  },
  {
    ...workflow,
    name: 'a broken order is not reported: notices before their tweets',
    edits: [{ from: "$tombstone.tweetRecord = '' or", to: 'false and' }],
  },
  {
    ...workflow,
    name: 'a broken order is not reported: tweets before their notices',
    edits: [
      {
        from: "[$outOfOrder, $removals[$substringBefore(record, ':') = $substringBefore(tweetRecord, ':') and record < tweetRecord]",
        to: '[$outOfOrder, $removals[false]',
      },
    ],
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
    edits: [{ from: "if (answer.status !== 'SUCCEEDED')", to: "if (answer.status === 'ABORTED')" }],
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
    edits: [{ from: 'if (journal.plan === undefined) {', to: 'if (journal.records >= 0) {' }],
    tests: ['packages/local-aws/test/firehose'],
  },
  {
    name: 'partial failure ignored: the producer takes every record of PutRecords as landed',
    files: 'producer/put-batch.ts',
    edits: [{ from: 'if (ShardId !== undefined && SequenceNumber !== undefined) {', to: 'if (results.length > 0) {' }],
    tests: ['test/producer/kinesis-writer.test.ts'],
  },
];

export const mutations: readonly Mutation[] = [...ofTheWorkflow, ...ofTheDelivery];
