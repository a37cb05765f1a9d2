/** The syntax of fault specifications, for `--help`. */
export const faultsHelp = `Fault injection (--faults <spec>) is seeded, so that a run can be repeated. A specification is a list of rules and
settings, separated by commas or spaces, or JSON (docs/fault-injection.md):
  <service>.<operation>:<kind>=<probability>   of each call: 5% or 0.05; * matches any characters: dynamodb.*, *.*
      throttle      rejected with the service's throttling error, without effect
      error         rejected with a 5xx error, without effect
      late-error    answered with a 5xx error after the effect
      cut           connection cut before the effect
      lose-answer   connection cut after the effect
      abandon       connection cut while the call continues, after @0-200ms
      latency       delayed by @10-100ms before the effect
      partial       some items fail: kinesis.PutRecords, firehose.PutRecordBatch, dynamodb.BatchExecuteStatement,
                    BatchGetItem, BatchWriteItem, TransactWriteItems, comprehend.BatchDetectSentiment
  pipe.<name>:<kind>=<probability>             of each batch
      redeliver     a delivered batch is redelivered, before its checkpoint
      cut-batch     a batch ends early
      swap-halves   the second half of a failed batch goes first, which breaks the order that AWS keeps
  function.<name>:<kind>=<probability>         of each invocation
      throw         the handler throws
      timeout       the handler times out, after @200ms
      crash         the function's process crashes
  x<number> after the probability is the maximum number of hits: throttle=100%x3. @<ms>ms or @<from>-<to>ms after it is
  the time: latency=20%@50-200ms.
  seed=<number>                                default 1
  from=workers|users|everyone|key:<id>         whose calls the following rules hit. Default: workers, which are the
                                               runtime's pipes, workflows, Firehose and functions, so that users see
                                               what is stored; everyone for kinesis.PutRecord and kinesis.PutRecords,
                                               which producers call`;
