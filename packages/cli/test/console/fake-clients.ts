import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';

/** Answers by the name of the command: `{ ScanCommand: () => ({ Items: [] }) }`. An answer may throw. */
export type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object | Promise<object>>>;

/** Every client's stack, whatever its input and output. */
interface AnyClient {
  readonly middlewareStack: { add(middleware: never, options: { step: 'initialize'; priority: 'low' }): void };
}

/** The SDK's own clients, which answer from here and open no connection. A command without an answer is an error. */
export async function fakeClients(answers: Answers): Promise<AwsClients> {
  const clients = createClients({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });
  const { cloudformation, dynamodb, firehose, kinesis, pipes, s3, sfn, sqs, sts } = clients;
  const { athena } = await clients.lake();
  const { cloudwatch, logs } = await clients.observation();
  const faked: AnyClient[] = [cloudformation, dynamodb, firehose, kinesis, pipes, s3, sfn, sqs, sts];
  for (const client of [...faked, athena, cloudwatch, logs]) answerFrom(client, answers);
  return clients;
}

function answerFrom({ middlewareStack }: AnyClient, answers: Answers): void {
  const middleware =
    (_next: unknown, { commandName = '' }: { commandName?: string }) =>
    async ({ input }: { input: object }) => {
      const answer = answers[commandName];
      if (answer === undefined) throw new Error(`The fake has no answer for ${commandName}.`);
      return { output: { $metadata: {}, ...(await answer({ ...input })) }, response: {} };
    };
  middlewareStack.add(middleware as never, { step: 'initialize', priority: 'low' });
}

/** An error as AWS names it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: {} });
}
