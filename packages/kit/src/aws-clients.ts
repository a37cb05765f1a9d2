import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { ComprehendClient } from '@aws-sdk/client-comprehend';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LakeClients } from './lake-clients.ts';
import type { ObservationClients } from './observation-clients.ts';

/**
 * Where the clients connect. What is left out comes from the environment, as for any AWS program (`AWS_ENDPOINT_URL`,
 * profile, role).
 */
export interface ClientOptions {
  /** `http://127.0.0.1:4566`: one endpoint for all services, with dummy keys. */
  endpoint?: string;
  /** Default `us-east-1` with an endpoint, else what the environment says. */
  region?: string;
  /**
   * With an endpoint. Default `local`. The endpoint does not check it; fault injection tells callers apart by it.
   */
  accessKeyId?: string;
  /** With an endpoint; how requests reach it, if not over HTTP. */
  transport?: Transport;
  /** SDK attempts per call, 1 = no retry. Default 3, the SDK's own. */
  maxAttempts?: number;
  /** With an endpoint and without `transport`: an attempt fails with TimeoutError after so long. Default: no limit. */
  longestAttemptMs?: number;
}

/**
 * How requests reach an endpoint. Signatures are not checked behind it; they only name the caller and the service.
 */
export interface Transport {
  requestHandler: Pick<
    NodeHttpHandler,
    'handle' | 'metadata' | 'updateHttpClientConfig' | 'httpHandlerConfigs' | 'destroy'
  >;
}

/** One client per service, created when it is first used. With an endpoint they share their connections. */
export interface AwsClients {
  readonly cloudformation: CloudFormationClient;
  readonly dynamodb: DynamoDBClient;
  readonly dynamodbStreams: DynamoDBStreamsClient;
  readonly firehose: FirehoseClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly pipes: PipesClient;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
  /** Glue and Athena. Their modules are loaded at the first call: most processes need none. */
  lake(): Promise<LakeClients>;
  /** CloudWatch, CloudWatch Logs and SNS. Their modules are loaded at the first call. */
  observation(): Promise<ObservationClients>;
  /** Comprehend. Its module is loaded at the first call. */
  comprehend(): Promise<ComprehendClient>;
  /** EventBridge Scheduler. Its module is loaded at the first call. */
  scheduler(): Promise<SchedulerClient>;
  /** Closes every socket of the clients. Make no calls afterwards. */
  destroy(): void;
}

/**
 * Creates the clients of one caller. With an endpoint, from the options or `AWS_ENDPOINT_URL`, they use it for every
 * service, with dummy keys. Else they find region and credentials as the SDK does. Opens no connection: a missing
 * region or credential is an error of the first call.
 */
export function createClients(options: ClientOptions = {}): AwsClients {
  const made = new Map<string, { destroy(): void }>();
  const once = <T extends { destroy(): void; middlewareStack: { remove(name: string): boolean } }>(
    name: string,
    make: () => T,
  ): (() => T) => {
    let client: T | undefined;
    return () => {
      if (client === undefined) {
        client = make();
        // Without a logger it would still filter and copy every input and output.
        client.middlewareStack.remove('loggerMiddleware');
        made.set(name, client);
      }
      return client;
    };
  };
  const endpoint = options.endpoint ?? (process.env.AWS_ENDPOINT_URL || undefined); // Empty means unset, as in SDKs.
  const config = {
    ...(options.maxAttempts === undefined ? {} : { maxAttempts: options.maxAttempts }),
    ...(endpoint === undefined ? {} : local(endpoint, options)),
  };
  const cloudformation = once('cloudformation', () => new CloudFormationClient(config));
  const dynamodb = once('dynamodb', () => new DynamoDBClient(config));
  const dynamodbStreams = once('dynamodbStreams', () => new DynamoDBStreamsClient(config));
  const firehose = once('firehose', () => new FirehoseClient(config));
  const kinesis = once('kinesis', () => new KinesisClient(config));
  const lambda = once('lambda', () => new LambdaClient(config));
  const pipes = once('pipes', () => new PipesClient(config));
  const s3 = once('s3', () => new S3Client({ ...config, forcePathStyle: endpoint !== undefined }));
  // StartSyncExecution gets the host prefix `sync-`, which no loopback address resolves.
  const sfn = once('sfn', () => new SFNClient({ ...config, disableHostPrefix: endpoint !== undefined }));
  const sqs = once('sqs', () => new SQSClient({ ...config, useQueueUrlAsEndpoint: endpoint === undefined }));
  const sts = once('sts', () => new STSClient(config));
  const lake = loadedOnce(async (): Promise<LakeClients> => {
    const { AthenaClient, GlueClient } = await import('./lake-clients.ts');
    return {
      athena: once('athena', () => new AthenaClient(config))(),
      glue: once('glue', () => new GlueClient(config))(),
    };
  });
  const observation = loadedOnce(async (): Promise<ObservationClients> => {
    const { CloudWatchClient, CloudWatchLogsClient, SNSClient } = await import('./observation-clients.ts');
    return {
      cloudwatch: once('cloudwatch', () => new CloudWatchClient(config))(),
      logs: once('logs', () => new CloudWatchLogsClient(config))(),
      sns: once('sns', () => new SNSClient(config))(),
    };
  });
  const comprehend = loadedOnce(async (): Promise<ComprehendClient> => {
    const { ComprehendClient } = await import('@aws-sdk/client-comprehend');
    return once('comprehend', () => new ComprehendClient(config))();
  });
  const scheduler = loadedOnce(async (): Promise<SchedulerClient> => {
    const { SchedulerClient } = await import('@aws-sdk/client-scheduler');
    return once('scheduler', () => new SchedulerClient(config))();
  });
  return {
    get cloudformation() {
      return cloudformation();
    },
    get dynamodb() {
      return dynamodb();
    },
    get dynamodbStreams() {
      return dynamodbStreams();
    },
    get firehose() {
      return firehose();
    },
    get kinesis() {
      return kinesis();
    },
    get lambda() {
      return lambda();
    },
    get pipes() {
      return pipes();
    },
    get s3() {
      return s3();
    },
    get sfn() {
      return sfn();
    },
    get sqs() {
      return sqs();
    },
    get sts() {
      return sts();
    },
    lake,
    observation,
    comprehend,
    scheduler,
    destroy() {
      for (const client of made.values()) client.destroy();
    },
  };
}

/** What is loaded at the first call. */
function loadedOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

/**
 * A refused connection fails at once, whatever these say. The time to connect includes the wait for one of the
 * handler's sockets, which is long where an execution makes hundreds of calls at a time on a busy machine.
 */
const localTimeouts = { connectionTimeout: 60_000, socketAcquisitionWarningTimeout: 60_000, socketTimeout: 330_000 };

function local(endpoint: string, { region, accessKeyId = 'local', transport, longestAttemptMs }: ClientOptions) {
  const limit = longestAttemptMs === undefined ? {} : { requestTimeout: longestAttemptMs, throwOnRequestTimeout: true };
  return {
    endpoint,
    region: region ?? (process.env.AWS_REGION || 'us-east-1'),
    credentials: { accessKeyId, secretAccessKey: 'local' },
    ...(transport === undefined
      ? { requestHandler: new NodeHttpHandler({ ...localTimeouts, ...limit }) }
      : { ...transport, signerConstructor: unsigned(accessKeyId) }),
  };
}

type SignerConstructor = NonNullable<DynamoDBClientConfig['signerConstructor']>;
type Signer = InstanceType<SignerConstructor>;

/** Names caller, region and service where Signature Version 4 does, without a signature. */
export function unsignedAuthorization(accessKeyId: string, region: string, service: string): string {
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

function unsigned(accessKeyId: string): SignerConstructor {
  return class implements Signer {
    readonly #authorization: string;

    constructor({ region, service }: ConstructorParameters<SignerConstructor>[0]) {
      this.#authorization = unsignedAuthorization(accessKeyId, String(region), service);
    }

    async sign(request: Parameters<Signer['sign']>[0]) {
      request.headers.authorization = this.#authorization;
      return request;
    }
  };
}
