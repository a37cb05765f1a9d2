import { join } from 'node:path';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '@tweet-pipes/kit/clock';
import type { Random } from '@tweet-pipes/kit/random';
import { sentence } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import type { MetricDelivery } from '../cloudwatch/metric-delivery.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, Operation, RequestContext } from '../gateway/local-service.ts';
import { sessionLogs } from '../iam/session-logs.ts';
import { allowEverything, type DecideForSession, functionSession, type WorkerSession } from '../iam/worker-session.ts';
import type { Part, Pending } from '../lifecycle.ts';
import { type LogDelivery, noLogDelivery } from '../logs/log-delivery.ts';
import { type Meter, payerOf } from '../meter/meter.ts';
import { WORKER_ACCESS_KEY_ID } from '../worker-key.ts';
import { configurationOf } from './configuration.ts';
import {
  type CodeSource,
  defaultLogGroup,
  type FunctionDefinition,
  functionName,
  parseCodeUpdate,
  parseConfigurationUpdate,
  parseDefinition,
} from './definition.ts';
import { DeployedFunction } from './deployed-function.ts';
import type { FunctionFaults } from './faults.ts';
import { FunctionMetrics } from './function-metrics.ts';
import { parseInvoke } from './invoke-input.ts';
import { Reaper } from './reaper.ts';
import { prepareRuntimeFolder } from './runtime-folder.ts';

/** Options of the Lambda service. */
export interface LambdaServiceOptions {
  clock: Clock;
  random: Random;
  /** Code is unpacked into `<dataFolder>/lambda/<function>/<checksum>/`. */
  dataFolder: string;
  /** The value of `AWS_ENDPOINT_URL` in functions, read when a process starts. Without it, functions call AWS. */
  endpoint?: () => string | undefined;
  /** Reads code that is in a bucket. Default: such code is refused. */
  s3?(): S3Client;
  /** Counts invocations. */
  meter: Meter;
  /** Where the output of functions goes. Default: nowhere. */
  logs?: LogDelivery;
  /** Whether a function's role may write it. Default: it may. */
  decide?: DecideForSession;
  /** The access key id of a function's session. Default: that of the runtime's workers. */
  keyOf?(session: WorkerSession): string;
  /** Where the metrics of functions go. Default: nowhere. */
  metrics?: MetricDelivery;
  /** Injects faults into invocations. */
  faults?: FunctionFaults;
}

const reference = z.looseObject({ FunctionName: z.string(), Qualifier: z.string().optional() });
const listInput = z.looseObject({
  MaxItems: z.coerce.number().int().min(1).max(10_000).default(50),
  Marker: z.string().optional(),
});

/**
 * AWS Lambda for Node functions in zip packages. Each function runs in its own processes, with its environment, timeout
 * and memory. `inFlight()` names functions with running or waiting invocations.
 */
export function createLambdaService(options: LambdaServiceOptions): LocalService & Part & { inFlight(): Pending[] } {
  const { decide = allowEverything, keyOf = () => WORKER_ACCESS_KEY_ID } = options;
  const logsOf = (definition: FunctionDefinition) => {
    const [, , , region = '', accountId = ''] = definition.arn.split(':');
    const place = { region, accountId, createsStreams: true };
    return sessionLogs(options.logs ?? noLogDelivery, { session: () => functionSession(definition), decide, ...place });
  };
  const functions = new Map<string, DeployedFunction>();
  /** Functions that are being created, changed or deleted. */
  const busy = new Set<string>();
  /** Functions that others are in the place of, until their invocations have ended. */
  const retirements = new Set<Promise<void>>();
  const reaper = new Reaper();
  const root = join(options.dataFolder, 'lambda');
  let prepared: Promise<void> | undefined;

  const find = (called: string, qualifier: string | undefined, context: RequestContext): DeployedFunction => {
    const parts = functionName(called);
    const version = qualifier ?? parts.qualifier;
    const deployed = functions.get(parts.name);
    if (deployed !== undefined && (version === undefined || version === '$LATEST')) return deployed;
    const arn = `arn:aws:lambda:${context.region}:${context.accountId}:function:${parts.name}${version === undefined ? '' : `:${version}`}`;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, { statusCode: 404 });
  };
  const referenced = (input: Record<string, unknown>, context: RequestContext): DeployedFunction => {
    const parsed = reference.safeParse(input);
    if (!parsed.success)
      throw new AwsError('InvalidParameterValueException', 'FunctionName: expected a name or an ARN');
    return find(parsed.data.FunctionName, parsed.data.Qualifier, context);
  };

  const readCode = async (code: CodeSource): Promise<Uint8Array> => {
    if ('zip' in code) return code.zip;
    const { bucket: Bucket, key: Key } = code;
    if (options.s3 === undefined) {
      throw new AwsError('InvalidParameterValueException', 'Code.S3Bucket: there is no S3 to read from');
    }
    try {
      const { Body } = await options.s3().send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (cause) {
      const code = cause instanceof Error ? cause.name : 'UnknownError';
      throw new AwsError(
        'InvalidParameterValueException',
        `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${sentence(cause)} ` +
          `(${Bucket}/${Key})`,
        { cause },
      );
    }
  };

  /** Running invocations end with the old code and configuration, new ones have the new. */
  const change = async (
    deployed: DeployedFunction,
    next: () => Promise<{ definition?: FunctionDefinition; zip?: Uint8Array }>,
  ): Promise<object> => {
    const { name } = deployed.definition;
    if (busy.has(name)) throw conflict(deployed);
    busy.add(name);
    try {
      const changed = await deployed.changed(await next());
      if (changed === deployed) return configurationOf(deployed);
      const { logGroup } = changed.definition;
      if (logGroup === defaultLogGroup(name)) logsOf(changed.definition).ensureGroup(logGroup);
      functions.set(name, changed);
      // What cannot be removed of the old code is removed at the next start.
      const retirement = changed
        .retirePredecessor()
        .catch(() => {})
        .finally(() => retirements.delete(retirement));
      retirements.add(retirement);
      return configurationOf(changed);
    } finally {
      busy.delete(name);
    }
  };

  const create: Operation = async (input, context) => {
    const { definition, code } = parseDefinition(input, context);
    const { name } = definition;
    if (functions.has(name) || busy.has(name)) {
      throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, { statusCode: 409 });
    }
    busy.add(name);
    try {
      const zip = await readCode(code);
      prepared ??= prepareRuntimeFolder(root);
      await prepared;
      const deployed = await DeployedFunction.deploy(
        {
          definition,
          folder: join(root, name),
          // Function names have no dot, so this folder is not a function's.
          compileCacheFolder: join(root, '.compile-cache'),
          clock: options.clock,
          random: options.random,
          reaper,
          endpoint: options.endpoint ?? (() => undefined),
          keyOf,
          faults: options.faults,
          meter: options.meter.of(name),
          logsOf,
          metrics: new FunctionMetrics(name, options.metrics),
        },
        zip,
      );
      if (definition.logGroup === defaultLogGroup(name)) logsOf(definition).ensureGroup(definition.logGroup);
      functions.set(name, deployed);
      return configurationOf(deployed);
    } finally {
      busy.delete(name);
    }
  };

  const invoke: Operation = async (input, context) => {
    const asked = parseInvoke(input);
    const deployed = find(asked.functionName, asked.qualifier, context);
    if (asked.isDryRun) return { StatusCode: 204 };
    const result = await deployed.invoke(asked.payload, options.random.uuid(), asked.clientContext, payerOf(context));
    if (result === undefined) {
      throw new AwsError(
        'ServiceException',
        `Function ${deployed.definition.name} was stopped or deleted while it was invoked`,
        { statusCode: 500 },
      );
    }
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: Buffer.from(result.payload),
      ...(result.isError ? { FunctionError: 'Unhandled' } : {}),
      ...(asked.withTail ? { LogResult: result.log.tail() } : {}),
    };
  };

  return {
    signingName: 'lambda',
    operations: {
      CreateFunction: create,
      Invoke: invoke,
      GetFunction: async (input, context) => {
        const deployed = referenced(input, context);
        const { tags } = deployed.definition;
        return {
          Configuration: configurationOf(deployed),
          Code: { RepositoryType: 'S3' },
          ...(Object.keys(tags).length > 0 ? { Tags: tags } : {}),
        };
      },
      ListTags: async (input, context) => ({
        Tags: referenced({ FunctionName: input.Resource }, context).definition.tags,
      }),
      GetFunctionConfiguration: async (input, context) => configurationOf(referenced(input, context)),
      UpdateFunctionCode: async (input, context) => {
        const code = parseCodeUpdate(input);
        return change(referenced(input, context), async () => ({ zip: await readCode(code) }));
      },
      UpdateFunctionConfiguration: async (input, context) => {
        const deployed = referenced(input, context);
        const definition = parseConfigurationUpdate(input, deployed.definition);
        return change(deployed, async () => ({ definition }));
      },
      DeleteFunction: async (input, context) => {
        const deployed = referenced(input, context);
        const { name } = deployed.definition;
        if (busy.has(name)) throw conflict(deployed);
        functions.delete(name);
        busy.add(name);
        await deployed.remove().finally(() => busy.delete(name));
        return { StatusCode: 204 };
      },
      ListFunctions: async (input) => {
        const parsed = listInput.safeParse(input);
        if (!parsed.success)
          throw new AwsError('InvalidParameterValueException', 'MaxItems: expected a number from 1 to 10,000');
        const { MaxItems, Marker } = parsed.data;
        const names = [...functions.keys()].sort().filter((name) => Marker === undefined || name > Marker);
        const page = names.slice(0, MaxItems);
        return {
          Functions: page
            .map((name) => functions.get(name))
            .flatMap((deployed) => (deployed ? [configurationOf(deployed)] : [])),
          ...(names.length > page.length ? { NextMarker: page.at(-1) } : {}),
        };
      },
    },
    inFlight: () =>
      [...functions.values()]
        .filter(({ invocations }) => invocations > 0)
        .map(({ definition, invocations }) => ({
          what: `function ${definition.name}`,
          detail: `invocations running or waiting: ${invocations}`,
        })),
    start: async () => {},
    stop: async () => {
      await Promise.all([...functions.values()].map((deployed) => deployed.stop()));
      await Promise.all(retirements);
      await reaper.stop();
    },
  };
}

function conflict({ definition: { arn } }: DeployedFunction): AwsError {
  return new AwsError(
    'ResourceConflictException',
    `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
    { statusCode: 409 },
  );
}
