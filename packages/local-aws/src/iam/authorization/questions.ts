import { streamOfIterator } from '../../engines/kinesis-iterator.ts';
import type { Call, WireRequest } from '../../gateway/wire.ts';
import type { AccessRequest } from '../access-control.ts';
import type { Asked, Rows } from './asked.ts';
import { athenaRows, type WorkGroupsOf } from './athena.ts';
import { cloudcontrol } from './cloudcontrol.ts';
import { cloudformation } from './cloudformation.ts';
import { cloudwatch } from './cloudwatch.ts';
import { comprehend } from './comprehend.ts';
import { dynamodbRows } from './dynamodb.ts';
import { firehose } from './firehose.ts';
import { glue } from './glue.ts';
import { iam } from './iam.ts';
import { requestInput } from './input.ts';
import { kinesisRows } from './kinesis.ts';
import { lambda } from './lambda.ts';
import { logs } from './logs.ts';
import { pipes } from './pipes.ts';
import { s3 } from './s3.ts';
import { scheduler } from './scheduler.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';
import { ssm } from './ssm.ts';
import { states } from './states.ts';
import { sts } from './sts.ts';

/** The rows of every service, by its signing name. */
export type AllRows = Readonly<Record<string, Rows>>;

/** The tables of all services. */
export function allRows(workGroups: WorkGroupsOf): AllRows {
  return {
    cloudcontrolapi: cloudcontrol,
    ...{ cloudformation, comprehend, firehose, glue, iam, lambda, logs, pipes, s3, scheduler, sns, sqs },
    ...{ ssm, states, sts },
    athena: athenaRows(workGroups),
    dynamodb: dynamodbRows(),
    kinesis: kinesisRows(streamOfIterator),
    monitoring: cloudwatch,
  };
}

/** A call as the rows see it. `region` and `accountId` are the endpoint's. */
export function askedOf(
  call: Pick<Call, 'service' | 'operation' | 'request'>,
  endpoint: { region: string; accountId: string },
): Asked {
  return new AskedCall(call, endpoint);
}

/** Parses the body when a row needs it. */
class AskedCall implements Asked {
  readonly operation: string;
  readonly request: WireRequest;
  readonly region: string;
  readonly accountId: string;
  readonly #service: string;
  #input: Asked['input'] | undefined;

  constructor(
    { service, operation, request }: Pick<Call, 'service' | 'operation' | 'request'>,
    { region, accountId }: { region: string; accountId: string },
  ) {
    this.operation = operation;
    this.request = request;
    this.region = region;
    this.accountId = accountId;
    this.#service = service;
  }

  get input(): Asked['input'] {
    this.#input ??= requestInput(this.#service, this.request);
    return this.#input;
  }
}

/** What a call asks. Undefined for an operation that has no row. */
export function questionsOf(rows: AllRows, service: string, asked: Asked): readonly AccessRequest[] | undefined {
  const table = rows[service] ?? {};
  const row = Object.hasOwn(table, asked.operation) ? table[asked.operation] : undefined;
  return row?.(asked);
}
