/** The language of specifications, for `--help`. docs/reliability.md says the same at more length. */
export const faultsHelp = `Faults on purpose (--faults <spec>), seeded, so that a run can be repeated. A spec is rules and settings with commas or blanks between them, or JSON (docs/reliability.md):
  <service>.<operation>:<kind>=<share>   share of the calls: 5% or 0.05; * stands for any characters: dynamodb.*, kinesis.Put*, *.*
      throttle      refused with the service's name for too many calls, without effect
      error         refused with a 5xx error, without effect
      late-error    answered with a 5xx error after the effect
      cut           connection cut before the effect
      lose-answer   connection cut after the effect
      abandon       connection cut while the call runs on, after @0-200ms; on states.StartSyncExecution, a pipe loses its workflow
      latency       held up for @10-100ms before the effect
      partial       some items fail: kinesis.PutRecords, firehose.PutRecordBatch, dynamodb.BatchExecuteStatement, BatchGetItem, BatchWriteItem, TransactWriteItems
  pipe.<name>:<kind>=<share>             share of the batches
      redeliver     a batch that is done is delivered once more, before its checkpoint
      cut-batch     a batch ends at another place
      swap-halves   of a failed batch, the second half goes first, which breaks the order that AWS keeps
  function.<name>:<kind>=<share>         share of the invocations
      throw         the handler throws
      timeout       the handler is not done in time, which ends after @200ms already
      crash         the process of the function dies
  x<number> after the share limits how often: throttle=100%x3. @<ms>ms or @<from>-<to>ms after it is the time: latency=20%@50-200ms.
  seed=<number>                          default 1
  from=workers|users|everyone|key:<id>   whose calls the rules after it hit; default: only those of the pipes, workflows, Firehose and functions here, so that everybody
                                         else sees what is true; and everyone's PutRecord and PutRecords, which no worker calls`;
