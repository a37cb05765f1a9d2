import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListPipesCommand } from '@aws-sdk/client-pipes';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { type AppSource, redeployment, resolveStacks } from './app-stacks.ts';
import { mergeInertParts } from './assembly/inert.ts';
import { support } from './assembly/support.ts';
import { WarmApp } from './assembly/warm-app.ts';
import { createAthenaService } from './athena/service.ts';
import { refuseDamage } from './checkup/data-check.ts';
import { noteStores } from './checkup/known-stores.ts';
import { createCloudControlService } from './cloudcontrol/service.ts';
import { Bootstrap } from './cloudformation/bootstrap.ts';
import { inputsOf } from './cloudformation/deploy-app.ts';
import { LocalStackEngine } from './cloudformation/engine.ts';
import { createCloudFormationService } from './cloudformation/service.ts';
import type { Stack } from './cloudformation/stack.ts';
import { StackStore } from './cloudformation/stack-store.ts';
import { LogMetrics } from './cloudwatch/log-metrics.ts';
import { createCloudWatchService } from './cloudwatch/service.ts';
import { MetricStore } from './cloudwatch/store/metric-store.ts';
import { throttleMetrics } from './cloudwatch/throttle-metrics.ts';
import { createComprehendService } from './comprehend/service.ts';
import { DataFolderError, takeDataFolder } from './data-folder.ts';
import { createDiskGuard } from './disk-guard.ts';
import { DiskSpace, lackOfSpace, systemFreeBytes } from './disk-space.ts';
import { startDynamoDb } from './engines/dynamodb-engine.ts';
import type { Engine } from './engines/engine.ts';
import { startKinesis } from './engines/kinesis-engine.ts';
import { startObjects } from './engines/objects-engine.ts';
import { checkPlatform } from './engines/platform.ts';
import { createFirehoseService } from './firehose/service.ts';
import { directTransport } from './gateway/direct-transport.ts';
import { type RouteAnswer, startGateway } from './gateway/gateway.ts';
import { nestedIntercepts } from './gateway/nested-intercepts.ts';
import { createGlueService } from './glue/service.ts';
import { type Health, healthAnswer } from './health.ts';
import { createAccessControl } from './iam/access-store.ts';
import { bucketPolicies } from './iam/api/bucket-policies.ts';
import { withPermissions } from './iam/api/function-permissions.ts';
import { messagePolicies } from './iam/api/message-policies.ts';
import { createIamService } from './iam/api/service.ts';
import { createAccessIntercept } from './iam/authorization/access-intercept.ts';
import { noticeDenials } from './iam/authorization/denial-notice.ts';
import { Denials } from './iam/authorization/denials.ts';
import { allRows } from './iam/authorization/questions.ts';
import { createRoleSessions } from './iam/authorization/role-sessions.ts';
import { createDeliveryCheck } from './iam/authorization/topic-deliveries.ts';
import { readPartitionKeys } from './iam/partition-keys.ts';
import { roleNameOf } from './iam/role-names.ts';
import { UserMade } from './iam/user-made.ts';
import type { ClientsOfSession } from './iam/worker-session.ts';
import { createIdleCheck } from './idle.ts';
import { createLambdaService } from './lambda/service.ts';
import type { Pending } from './lifecycle.ts';
import { ACCOUNT_ID, appOf, regionOf } from './local-app.ts';
import { localStatusAnswer } from './local-status.ts';
import { LogStore } from './logs/log-store.ts';
import { createLogsService } from './logs/service.ts';
import { startMaintenance } from './maintenance.ts';
import { withMeteredRequests } from './meter/glue-requests.ts';
import { UnitMeter } from './meter/meter.ts';
import { slowMotion } from './pace/slow-motion.ts';
import { createPipesService } from './pipes/service.ts';
import { createPrivateFiles } from './private-files.ts';
import { Problems, saysDiskFull } from './problems.ts';
import type { RuntimeContext } from './runtime-context.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { createSchedulerService } from './scheduler/service.ts';
import { ParameterStore } from './ssm/parameter-store.ts';
import { createSsmService } from './ssm/service.ts';
import { StartWatch } from './start-watch.ts';
import type { Runtime } from './started-runtime.ts';
import { createStatesService } from './states/service.ts';
import { StopList } from './stop-list.ts';
import { createStreamWrites } from './stream-writes.ts';
import { createStsService } from './sts/service.ts';
import { WORKER_ACCESS_KEY_ID } from './worker-key.ts';

export { AssemblyError, StackLoadError, TemplateError } from './assembly/errors.ts';
export { SynthesisError } from './assembly/synthesize.ts';
export { DamagedDataError } from './checkup/damage.ts';
export { DataFolderError } from './data-folder.ts';
export { EngineError } from './engines/engine.ts';
export { FaultSpecError } from './faults/spec.ts';
export { PortInUseError } from './gateway/port-in-use-error.ts';
export type { Call, WireRequest, WireResponse } from './gateway/wire.ts';
export type * from './runtime-options.ts';
export { StartTimeoutError } from './start-watch.ts';
export type * from './started-runtime.ts';

/** Between two idle checks. */
const IDLE_POLL_MS = 100;
/** How long a start that failed waits for its parts to stop. */
const STOP_LIMIT_MS = 10_000;

/**
 * Runs the stacks of a synthesized app on this machine. Resolves when their pipes poll. After a failure, the parts that
 * had started are stopped. Rejects with errors whose message names a remedy: {@link DataFolderError},
 * {@link DamagedDataError}, {@link StartTimeoutError}, {@link EngineError}, {@link PortInUseError},
 * {@link SynthesisError}, {@link AssemblyError}, {@link TemplateError}, {@link StackLoadError}, {@link FaultSpecError}.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  checkPlatform();
  const started = new StopList();
  const { clock = systemClock } = options;
  const watch = new StartWatch(clock, options.log ?? logToStderr);
  try {
    return await watch.guard(start(options, started, watch));
  } catch (error) {
    // Report the first error. A part that then does not stop is a consequence.
    const over = new AbortController();
    await Promise.race([started.stopAll().catch(() => {}), clock.sleep(STOP_LIMIT_MS, over.signal)]);
    over.abort();
    throw diskFullError(error) ?? error;
  }
}

function logToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What an error at the start means when the disk is full, however the part said it. */
function diskFullError(error: unknown): DataFolderError | undefined {
  const texts: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) texts.push(each.message);
  if (error instanceof DataFolderError || !saysDiskFull(texts.join('\n'))) return undefined;
  return new DataFolderError(`disk full: ${texts[0]} Free some, or choose a folder elsewhere with --data.`, {
    cause: error,
  });
}

async function start(options: RuntimeOptions, started: StopList, watch: StartWatch): Promise<Runtime> {
  const { random = systemRandom, maxBufferIntervalSeconds = 1, streamMegabytes = 256 } = options;
  const { clock: outerClock = systemClock, slowMotion: factor = 1 } = options;
  const clock = factor === 1 ? outerClock : slowMotion(outerClock, factor);
  const region = regionOf(options);
  const log = options.log ?? logToStderr;
  // Parsed first: an invalid specification must not empty the data folder.
  const faults =
    options.faults === undefined ? undefined : (await loadFaults()).createFaults(options.faults, { clock, log });
  const pace =
    options.likeAws === undefined
      ? undefined
      : (await loadPace()).createPace({ table: options.likeAws, clock, random });
  const health: Health = { status: 'starting' };
  const problems = new Problems(log);
  const meter = new UnitMeter();
  const metrics = new MetricStore(clock);

  // 1. The data folder, for its owner alone and locked: two runtimes would corrupt its files.
  started.add('umask', createPrivateFiles(), async (restore) => restore());
  const path = options.dataFolder ?? (await makeTemporaryFolder(started));
  const take = () => takeDataFolder(path, { fresh: options.fresh, nowMs: clock.now() });
  const folder = started.add('data folder', await watch.step('the data folder', take), ({ release }) => release());
  const dataFolder = folder.path;
  const lack = lackOfSpace(dataFolder, options.freeBytes);
  if (lack !== undefined) throw new DataFolderError(`${lack}. Free some, or choose a folder elsewhere with --data.`);
  const disk = new DiskSpace({
    folder: dataFolder,
    clock: outerClock,
    problems,
    ...(options.freeBytes && { freeBytes: options.freeBytes }),
  });
  const context: RuntimeContext = { clock, random, dataFolder, region, accountId: ACCOUNT_ID, meter, metrics };

  const environment = { region, accountId: ACCOUNT_ID, partition: 'aws', urlSuffix: 'amazonaws.com' };
  const source: AppSource = { options, environment };
  const assemblyFolder = options.assemblyFolder ?? join(dataFolder, 'assembly');
  const laterAssemblies = join(dataFolder, 'assemblies');
  const areRolesOff = options.roles === 'off';
  const access = createAccessControl({ accountId: ACCOUNT_ID, region, clock });
  const denials = new Denials(clock);
  const onDecision = noticeDenials({ log, clock, denials, also: options.onDecision });
  const mayDeliver = createDeliveryCheck({ access, onDecision, region, accountId: ACCOUNT_ID });

  // 2. The engines, and concurrently the templates, which are validated before any resource is created.
  const checked = watch.step('the check of the data', () => refuseDamage(dataFolder));
  const engine = async <T extends Engine>(name: string, begin: () => Promise<T>): Promise<T> => {
    await checked;
    return started.add(name, await watch.step(`the engine of ${name}`, begin), ({ stop }) => stop());
  };
  const starting = [
    engine('DynamoDB', () =>
      startDynamoDb({
        ...context,
        onExit(error) {
          Object.assign(health, { status: 'failed', why: error.message } satisfies Health);
          (options.onFailure ?? (({ message }) => log(message)))(error);
        },
      }),
    ),
    engine('Kinesis', () => startKinesis({ ...context, problems })),
    engine('S3 and SQS', () => startObjects({ ...context, ...(!areRolesOff && { mayDeliver }) })),
    watch.step('the templates of the stacks', () => resolveStacks(source, assemblyFolder)),
  ] as const;
  // Wait for all of them even if one fails: a late one has to be stopped too.
  await Promise.allSettled(starting);
  const [dynamodb, kinesis, objects, startedStacks] = await Promise.all(starting);
  let stacks = startedStacks;
  options.signal?.throwIfAborted();
  await noteStores(dataFolder);
  const userMade = await UserMade.open(dataFolder, access, log);

  // 3. The runtime's services. They call each other and the engines only as AWS clients of the endpoint, each for a
  // resource with the rights of its role.
  const sessions = createRoleSessions({
    access: areRolesOff ? undefined : access,
    clock,
    onDecision,
    address: () => address(),
  });
  const { decide } = sessions;
  const clients: ClientsOfSession = (session) => sessions.clients(session);
  // The workflow retries a failed task, so that its history shows it (docs/adr/0007). Firehose counts its attempts.
  const taskClients: ClientsOfSession = (session) => sessions.clients(session, 1);
  const ownClients = (): AwsClients => workerClients;
  const logs = started.add(
    'logs',
    await LogStore.open({ folder: join(dataFolder, 'logs'), clock, problems }),
    (store) => store.stop(),
  );
  const stackStore = await StackStore.open(join(dataFolder, 'stacks'));
  const parameters = await ParameterStore.open(dataFolder, clock);
  const engineOfStacks = new LocalStackEngine({
    store: stackStore,
    types: support,
    context: () => ({
      clients: callerClients,
      access,
      parameters,
      clock,
      shardsPerOnDemandStream: options.shardsPerOnDemandStream ?? 4,
    }),
    environment,
    random,
    onStack: (name) => meter.separate([name]),
    log,
    resolving: {
      ignoreUnsupported: options.ignoreUnsupported ?? [],
      parameterStore: (name) => parameters.get(name)?.value,
    },
  });
  const bootstrap = new Bootstrap({ engine: () => engineOfStacks, parameters });
  const provideParameter = (name: string) => bootstrap.provide(name);
  const cloudformation = createCloudFormationService({
    ...{ clock, random, parameters, provideParameter, log, types: support },
    engine: () => engineOfStacks,
    clients: () => callerClients,
  });
  const cloudwatch = createCloudWatchService({
    ...{ clock, region, accountId: ACCOUNT_ID, metrics, log },
    clients: (alarmArn) => sessions.serviceClients('cloudwatch.amazonaws.com', alarmArn),
  });
  const loaded = Promise.withResolvers<void>();
  const whenLoaded = loaded.promise;
  const writes = createStreamWrites(whenLoaded);
  const firehose = createFirehoseService({
    ...context,
    clients,
    functions: (session) => taskClients(session).lambda,
    decide,
    maxBufferIntervalSeconds,
    writes: writes.kinesis,
    logs,
    problems,
  });
  const glue = withMeteredRequests(createGlueService({ ...context, clients, decide }), meter);
  const athena = createAthenaService({
    ...context,
    clients: ({ accessKeyId }) => sessions.clientsOfKey(accessKeyId),
  });
  const lambda = createLambdaService({
    ...context,
    endpoint: () => gateway.endpoint,
    s3: () => workerClients.s3,
    keyOf: sessions.keyOf,
    decide,
    logs,
    ...(faults && { faults: faults.functions }),
  });
  const states = createStatesService({
    ...context,
    clients: taskClients,
    logs,
    ...(pace && { pace: pace.statePace }),
    ...(options.expressionBounds && { expressionBounds: options.expressionBounds }),
  });
  const pipes = createPipesService({
    ...context,
    ...{ clients, ownClients, decide },
    log,
    logs,
    problems,
    otherReaders: firehose.readers,
    onDeleted: ({ roleArn, sessionName }) => denials.forget(roleNameOf(roleArn) ?? roleArn, sessionName),
    // Others may write to a server of the user's.
    writes: { kinesis: writes.kinesis, ...(dynamodb.isExternal ? {} : { dynamodb: writes.dynamodb }) },
    ...(faults && { faults: faults.pipes }),
    ...(pace && { polls: pace.polls }),
  });
  const scheduler = createSchedulerService({ ...context, clients: taskClients, ownClients, whenLoaded, log });
  const logMetrics = new LogMetrics(metrics, clock);
  logs.subscribe(logMetrics.listen);
  cloudwatch.onRound(() => objects.measureQueues());
  cloudwatch.onRound(() => firehose.measureAges());
  const idle = createIdleCheck({ scheduler, pipes, states, lambda, firehose });

  // 4. The endpoint.
  const gateway = started.add(
    'endpoint',
    await startGateway({
      port: options.port ?? 0,
      allowOrigins: options.allowOrigins ?? [],
      allowHosts: options.allowHosts ?? [],
      clock,
      region,
      accountId: ACCOUNT_ID,
      random,
      services: [
        cloudformation,
        createCloudControlService({ clock, random, engine: () => engineOfStacks }),
        createStsService({ clock, access }),
        createIamService({ access, clock, userMade }),
        createSsmService({ parameters, provide: provideParameter }),
        cloudwatch,
        createComprehendService({ log }),
        glue,
        athena,
        firehose,
        withPermissions(lambda, { access, userMade }),
        states,
        pipes,
        scheduler,
        createLogsService({ store: logs, clock, random, log, metricFilters: logMetrics }),
      ],
      engines: [dynamodb, kinesis, objects],
      routes: {
        '/_health': async () => healthAnswer(health, problems, denials),
        '/_idle': async () =>
          idleAnswer(health.status === 'ready' ? await idle() : [{ what: 'runtime', detail: health.status }]),
        '/_status': () => {
          const freeBytes = (options.freeBytes ?? systemFreeBytes)(dataFolder);
          return localStatusAnswer({ dataFolder, freeBytes, faults: faults?.counts() ?? {}, denials, pipes });
        },
        '/_meter': async () => ({
          statusCode: 200,
          body: { units: { ...meter.stack }, stacks: { ...meter.byStack }, callers: { ...meter.callers } },
        }),
      },
      ...(options.pages && { pages: options.pages }),
      intercept: nestedIntercepts([
        options.intercept,
        throttleMetrics(metrics),
        areRolesOff
          ? undefined
          : createAccessIntercept({
              ...{ access, rows: allRows(athena.workGroups) },
              ...{ region, accountId: ACCOUNT_ID, onDecision },
              partitionKeys: (table) => readPartitionKeys(ownClients().dynamodb, table),
            }),
        faults?.intercept,
        pace?.intercept,
        createDiskGuard(disk),
        writes.intercept,
        bucketPolicies({ access, userMade }),
        messagePolicies({ access, userMade }),
      ]),
      log,
    }),
    ({ stop }) => stop(),
  );
  const address = () => ({ endpoint: gateway.endpoint, region, transport: directTransport(gateway.answer) });
  const callerClients = started.add('caller clients', createClients(address()), (made) => made.destroy());
  const workerClients = started.add(
    'worker clients',
    createClients({ ...address(), accessKeyId: WORKER_ACCESS_KEY_ID }),
    (made) => made.destroy(),
  );
  started.add('clients of roles', sessions, async (made) => made.destroy());
  await folder.announce(gateway.endpoint);

  disk.start();
  started.add('disk space', disk, (watch) => watch.stop());

  // 5. The workers, downstream first, so that upstream ones stop first, while their targets still run.
  for (const [name, worker] of Object.entries({
    cloudwatch,
    glue,
    athena,
    lambda,
    firehose,
    states,
    pipes,
    scheduler,
  })) {
    await watch.step(name, () => worker.start());
    started.add(name, worker, ({ stop }) => stop());
  }

  started.add('stacks', stackStore, (store) => store.stop());

  // 6. The stacks. The pipes of each are created last. All poll when the stacks are there.
  const inputs = await inputsOf(stacks);
  // A server of the user's may have tables.
  const isAccountEmpty = folder.isNew && !dynamodb.isExternal;
  await watch.step('the resources of the stacks', () => engineOfStacks.start(inputs, { isAccountEmpty }));
  await rm(laterAssemblies, { recursive: true, force: true });
  loaded.resolve();
  options.signal?.throwIfAborted();
  const running = () =>
    stacks.flatMap(({ assembly: { stackName } }) => {
      const stack = engineOfStacks.find(stackName);
      if (stack === undefined) return [];
      return { name: stackName, outputs: outputsOf(stack) };
    });

  // 7. Expiry and trimming, which AWS does by itself. Trimming requires that every pipe exists.
  dynamodb.indexStreams();
  const onSweep = () => writes.dynamodb.note();
  const duties = { clock, dynamodb, kinesis, pipes, streamMegabytes, onSweep, log };
  started.add('maintenance', startMaintenance(duties), ({ stop }) => stop());

  if (pace !== undefined) {
    pace.start();
    started.add('pace', pace, async ({ stop }) => stop());
  }
  if (faults !== undefined) {
    const { Pipes: pipesThere = [] } = await callerClients.pipes.send(new ListPipesCommand({ Limit: 100 }));
    const { Functions: functionsThere = [] } = await callerClients.lambda.send(new ListFunctionsCommand());
    faults.start({
      pipes: pipesThere.flatMap(({ Name }) => Name ?? []),
      functions: functionsThere.flatMap(({ FunctionName }) => FunctionName ?? []),
    });
    started.add('faults', faults, async ({ stop }) => stop());
  }
  if (health.status === 'starting') health.status = 'ready';
  const warmApp = started.add('app', new WarmApp(appOf(options)), (app) => app.stop());
  let stopping: Promise<void> | undefined;
  return {
    endpoint: gateway.endpoint,
    port: gateway.port,
    dataFolder,
    get stacks() {
      return running();
    },
    get deployedStacks() {
      const ofApp = new Set(stacks.map(({ assembly }) => assembly.stackName));
      const others = engineOfStacks
        .stacks()
        .filter(({ name, status }) => status !== 'DELETE_COMPLETE' && !ofApp.has(name));
      return others.map((stack) => ({ name: stack.name, status: stack.status, outputs: outputsOf(stack) })).reverse();
    },
    get stackName() {
      return running()[0]?.name ?? '';
    },
    get outputs() {
      return running()[0]?.outputs ?? {};
    },
    get inert() {
      return mergeInertParts(stacks.flatMap(({ template }) => template.inert));
    },
    get ignored() {
      return stacks.flatMap(({ template }) => template.ignored);
    },
    deploy: redeployment({
      ...{ ...source, engine: engineOfStacks, warmApp, assemblies: laterAssemblies },
      onDeployed(deployed) {
        stacks = deployed;
      },
    }),
    maxBufferIntervalSeconds,
    faults: faults?.lines ?? [],
    faultCounts: () => faults?.counts() ?? {},
    paceCounts: () => pace?.counts(),
    clock,
    idle,
    async whenIdle(signal) {
      while (!signal?.aborted && (await idle()).length > 0) await clock.sleep(IDLE_POLL_MS, signal);
    },
    executions: states.executions,
    units: () => meter.stack,
    unitsByStack: () => meter.byStack,
    stop() {
      health.status = 'stopping';
      stopping ??= started.stopAll();
      return stopping;
    },
  };
}

// Few starts need them.
const loadFaults = () => import('./faults/create-faults.ts');
const loadPace = () => import('./pace/pace.ts');

async function makeTemporaryFolder(started: StopList): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'local-aws-'));
  started.add('temporary folder', path, () => rm(path, { recursive: true, force: true }));
  return path;
}

function outputsOf({ outputs }: Stack): Readonly<Record<string, string>> {
  return Object.fromEntries(outputs.map(({ key, value }) => [key, value]));
}

function idleAnswer(pending: Pending[]): RouteAnswer {
  const body = { pending: pending.map(({ what, detail }) => ({ what, detail })) };
  return { statusCode: pending.length === 0 ? 200 : 409, body };
}
