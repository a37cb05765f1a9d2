import { DescribePipeCommand } from '@aws-sdk/client-pipes';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { ASSEMBLY_CACHE_FOLDER, PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { readStackOutputs } from '@tweet-pipes/cli/stack/outputs';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { CliError } from '@tweet-pipes/kit/command-line/cli-error';
import {
  AssemblyError,
  EngineError,
  type Runtime,
  StackLoadError,
  SynthesisError,
  startRuntime,
  TemplateError,
} from '@tweet-pipes/local-aws';

/** The stack on a runtime of its own in this process, with empty tables. */
export interface LocalStack {
  /** The definition of the workflow in the synthesized template, with the names of this stack. */
  readonly definition: string;
  /** What the ingest pipe makes of each record for the workflow. */
  readonly inputTemplate: string;
  /** One attempt per call, as tasks need it. */
  readonly clients: AwsClients;
  stop(): Promise<void>;
}

/** Synthesizes the project's stack and starts it in a temporary folder. Rejects with CliError when it cannot start. */
export async function startLocalStack(): Promise<LocalStack> {
  const runtime = await start();
  const clients = createClients({ endpoint: runtime.endpoint, maxAttempts: 1 });
  const stop = async () => {
    clients.destroy();
    await runtime.stop();
  };
  try {
    const { WorkflowArn, IngestPipeName } = await readStackOutputs(clients, runtime.stackName);
    const machine = await clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: WorkflowArn }));
    const pipe = await clients.pipes.send(new DescribePipeCommand({ Name: IngestPipeName }));
    const inputTemplate = pipe.TargetParameters?.InputTemplate;
    if (machine.definition === undefined || inputTemplate === undefined)
      throw new Error('The stack has a workflow without definition, or a pipe without input template.');
    return { definition: machine.definition, inputTemplate, clients, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const EXPECTED = [AssemblyError, EngineError, StackLoadError, SynthesisError, TemplateError];

async function start(): Promise<Runtime> {
  try {
    return await startRuntime({
      appFolder: PROJECT_FOLDER,
      assemblyCacheFolder: ASSEMBLY_CACHE_FOLDER,
      stacks: ['TweetPipes'],
      log: () => {},
    });
  } catch (error) {
    if (error instanceof Error && EXPECTED.some((expected) => error instanceof expected))
      throw new CliError(error.message, { cause: error });
    throw error;
  }
}
