import { setTimeout as sleep } from 'node:timers/promises';
import { DescribePipeCommand, StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { readStackOutputs, type StackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { type RuntimeProcess, startRuntimeProcess } from './runtime-process.ts';

/** The stack on its own runtime, for one subject. */
export interface BenchStack {
  runtime: RuntimeProcess;
  dataFolder: string;
  clients: AwsClients;
  outputs: StackOutputs;
  /** The definition of the workflow, with the names of the stack. */
  definitionText: string;
  /** `ingestBatchSize` of the ingest pipe. */
  batchSize: number;
  stop(): Promise<void>;
}

/** Starts a runtime with the stack. Rejects with its output if it exits before it is ready. */
export async function startStack(options: {
  dataFolder: string;
  /** Options of the stack, without the prefix: `{ shards: 4 }`. */
  options?: Readonly<Record<string, string | number>>;
  /** For the command: `['--roles', 'off']`. */
  flags?: readonly string[];
  /** For Node, before the script: `--cpu-prof`. */
  nodeFlags?: readonly string[];
}): Promise<BenchStack> {
  const context = Object.entries(options.options ?? {}).map(([name, value]) => `tweetPipes:${name}=${value}`);
  const runtimeFlags = [
    '--stacks',
    'TweetPipes',
    ...(options.flags ?? []),
    ...context.flatMap((option) => ['--context', option]),
  ];
  const { dataFolder, nodeFlags = [] } = options;
  return openStack(await startRuntimeProcess({ dataFolder, nodeFlags, runtimeFlags }), dataFolder);
}

/** The stack on a runtime that has started. Stops the runtime if it cannot be read. */
export async function openStack(runtime: RuntimeProcess, dataFolder: string): Promise<BenchStack> {
  const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
  const stop = async () => {
    clients.destroy();
    await runtime.stop();
  };
  try {
    const outputs = await readStackOutputs(clients, 'TweetPipes');
    const workflow = await clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: outputs.WorkflowArn }));
    const pipe = await clients.pipes.send(new DescribePipeCommand({ Name: outputs.IngestPipeName }));
    const batchSize = pipe.SourceParameters?.KinesisStreamParameters?.BatchSize;
    if (batchSize === undefined) throw new Error(`The pipe ${outputs.IngestPipeName} reads no Kinesis stream.`);
    return { runtime, dataFolder, clients, outputs, definitionText: workflow.definition ?? '', batchSize, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Stops the ingest pipe and waits for that. */
export async function stopIngest({ clients, outputs }: BenchStack): Promise<void> {
  await clients.pipes.send(new StopPipeCommand({ Name: outputs.IngestPipeName }));
  for (;;) {
    const { CurrentState } = await clients.pipes.send(new DescribePipeCommand({ Name: outputs.IngestPipeName }));
    if (CurrentState === 'STOPPED') return;
    await sleep(10);
  }
}

/** Starts the ingest pipe. */
export async function startIngest({ clients, outputs }: BenchStack): Promise<void> {
  await clients.pipes.send(new StartPipeCommand({ Name: outputs.IngestPipeName }));
}
