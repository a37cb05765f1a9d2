import type { Terminal } from '@tweet-pipes/cli/terminal/terminal';
import type { FullShardRow } from './answers/full-shard.ts';
import type { HotRow } from './answers/hot-hashtag.ts';
import type { KeepUp, KeepUpCell } from './answers/keep-up.ts';
import type { Limit } from './answers/limits.ts';
import type { RateRow } from './answers/rates.ts';
import { table } from './table.ts';
import type { Validation } from './validation/compare.ts';

/** Prints the answer to "By rate" as tables. */
export function printRates(rows: readonly RateRow[], { out, bold }: Terminal): void {
  out(bold('By rate: what holds compact tweets with one hashtag in every one of them'));
  const options = ['tweets/s', 'shards', 'batch', 'window s', 'counterItems', 'warmThroughput'];
  out(
    table(
      [...options, 'keeps up', 'busy', 'age s p50', 'p99', '$ a month', 'logLevel=ERROR', 'counterItems=1'],
      rows.map((row) => [
        ...[row.tweetsPerSecond, row.shards, row.batchSize, row.windowSeconds, row.counterItems, row.warmThroughput],
        ...[
          row.keepsUp,
          row.utilisation,
          row.ageP50Ms / 1000,
          row.ageP99Ms / 1000,
          row.usd,
          row.usdWithoutLog,
          row.usdOfOneItem,
        ],
      ]),
    ),
  );
  out('');
  out(bold('    The first limit that a higher rate meets with these options'));
  out(
    table(
      ['tweets/s', 'next', 'limit', 'mitigation'],
      rows.map(({ tweetsPerSecond, next }) => [tweetsPerSecond, next?.tweetsPerSecond, next?.what, next?.mitigation]),
    ),
  );
  out('');
  out(bold('    Quotas that no option moves, to have raised before a higher rate'));
  const quotas = new Map(rows.flatMap((row) => row.quotas.map((limit) => [limit.what, limit] as const)));
  out(
    table(
      ['tweets/s', 'quota', 'mitigation'],
      [...quotas.values()].map(({ tweetsPerSecond, what, mitigation }) => [tweetsPerSecond, what, mitigation]),
    ),
  );
  out('age: from arrival in the stream until counted. $ a month: as of `npx tweet-pipes cost`, the stack TweetPipes.');
}

/** Prints the answer to "Which batches keep up" as tables. */
export function printKeepUp(answer: KeepUp, { out, bold }: Terminal): void {
  out(bold('Which batches keep up: capacity of one shard, tweets a second, with full batches'));
  out(
    table(
      ['batch', 'execution ms', 'tweets/s', 'Step Functions twice as fast', 'half as fast', 'JSONata in turn'],
      answer.capacity.map((row) => [
        ...[row.batchSize, row.executionP50Ms, row.asAssumed],
        ...[row.twiceAsFast, row.halfAsFast, row.serialJsonata],
      ]),
    ),
  );
  out('');
  out(bold('    One shard at 1,000 tweets a second'));
  const heads = ['batch', 'window s', 'keeps up', 'busy', 'age s p50', 'p99', '$ per million'];
  out(table(heads, answer.grid.map(cellOf)));
  out('');
  const bound = answer.ageBoundMs / 1000;
  out(bold(`    The cheapest that keeps up, busy at most 80 % of the time, 99 of 100 tweets counted in ${bound} s`));
  const best = answer.best.map(({ tweetsPerSecond, cell, defaults }) => [
    tweetsPerSecond,
    ...(cell === undefined ? ['none', ...heads.slice(1).map(() => undefined)] : cellOf(cell)),
    defaults.keepsUp,
    defaults.utilisation,
    defaults.ageP99Ms / 1000,
    defaults.dollarsPerMillion,
  ]);
  out(table(['tweets/s', ...heads, 'defaults: keep up', 'busy', 'age s p99', '$ per million'], best));
}

function cellOf(cell: KeepUpCell) {
  const { batchSize, windowSeconds, keepsUp, utilisation, ageP50Ms, ageP99Ms, dollarsPerMillion } = cell;
  return [batchSize, windowSeconds, keepsUp, utilisation, ageP50Ms / 1000, ageP99Ms / 1000, dollarsPerMillion];
}

/** Prints the answer to "Full shard" as a table. */
export function printFullShard(rows: readonly FullShardRow[], batchSize: number, { out, bold }: Terminal): void {
  out(bold(`Full shard: 1,000 records or 1 MB a second, by the size of a record, batches of ${batchSize}`));
  const heads = ['bytes', 'records/s', 'an execution', 'refused', 'keeps up', 'busy', 'age s p99', 'at most', '± 25 %'];
  out(
    table(
      [...heads, 'batch that fits', 'at most', '± 25 %'],
      rows.map((row) => [
        ...[row.recordBytes, row.recordsPerSecond, row.recordsPerExecution, row.refusedShare],
        ...[row.keepsUp, row.utilisation, row.ageP99Ms / 1000, row.capacity.same, row.capacity.spread],
        ...[row.fitting.batchSize, row.fitting.capacity.same, row.fitting.capacity.spread],
      ]),
    ),
  );
  out('at most: records/s that one shard can process; ± 25 %: if the sizes have this standard deviation.');
}

/** Prints the answer to "Hot hashtag" as a table. */
export function printHotHashtag(rows: readonly HotRow[], { out, bold }: Terminal): void {
  out(bold('Hot hashtag: one hashtag in every tweet'));
  const heads = [
    'shards',
    'tweets/s',
    'batch',
    'window s',
    'items',
    'closed',
    'item KB',
    'units',
    'needed/s',
    'served/s',
  ];
  out(
    table(
      [...heads, 'throttles/s', 'failed', 'done/s', 'busy', 'age s p50', 'p99', '$ per million', 'verdict'],
      rows.map((row) => [
        ...[row.shards, row.arrivedPerSecond, row.batchSize, row.windowSeconds, row.counterItems, row.closedMarks],
        ...[row.itemBytes / 1024, row.unitsPerUpdate, row.neededUnitsPerSecond, row.servedUnitsPerSecond],
        ...[
          row.throttlesPerSecond,
          row.failedShare,
          row.donePerSecond,
          row.utilisation,
          row.ageP50Ms / 1000,
          row.ageP99Ms / 1000,
          row.dollarsPerMillion,
          row.verdict,
        ],
      ]),
    ),
  );
  out(
    'units: of one update. needed/s: write units a second if no batch waited; an item has 1,000. closed: high-water marks of closed shards. failed: share of executions.',
  );
}

/** Prints the answer to "Limits" as a table. */
export function printLimits(rows: readonly Limit[], title: string, { out, bold }: Terminal): void {
  out(bold(`Limits by the rate that reaches them: ${title}`));
  out(
    table(
      ['tweets/s', 'limit', 'how', 'mitigation'],
      rows.map((row) => [row.tweetsPerSecond, row.what, row.formula, row.mitigation]),
    ),
  );
}

/** Prints the comparison of model and runtime. */
export function printValidation(rows: readonly Validation[], { out, bold }: Terminal): void {
  out(bold('The model beside the runtime in slow motion, draining a backlog'));
  const percent = (share: number) => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
  const heads = ['shards', 'slow motion', 'batch', 'bytes', 'item units/s', 'tweets/s runtime', 'model', 'off by'];
  out(
    table(
      [...heads, 'execution ms runtime', 'model', 'off by', 'throttles runtime', 'model'],
      rows.map(({ model, runtime, rateDeviation, executionDeviation, ...setup }) => [
        ...[setup.shards, setup.slowMotion, setup.batchSize, setup.recordBytes, setup.itemWriteUnitsPerSecond],
        ...[runtime.tweetsPerSecond, model.tweetsPerSecond, percent(rateDeviation)],
        ...[runtime.executionP50Ms, model.executionP50Ms, percent(executionDeviation)],
        ...[runtime.throttles, model.throttles],
      ]),
    ),
  );
}
