import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeStateMachineCommand, paginateListStateMachines } from '@aws-sdk/client-sfn';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { isJsonObject, parseJson } from '@tweet-pipes/kit/json';
import type { DeniedCall } from './decisions.ts';

/** The histories of Express executions, which are in the log groups of their workflows. */
export class Histories {
  readonly #clients: AwsClients;

  constructor(endpoint: string) {
    this.#clients = createClients({ endpoint });
  }

  /**
   * The event that tells of a denied call, since `sinceMs`: with AWS's sentence, or with the error AccessDenied where a
   * statement of a batch was denied, whose sentence is in the answer. Undefined if none does, or if the role is not
   * that of a workflow with a log.
   */
  async find(roleArn: string, denied: DeniedCall, sinceMs: number): Promise<string | undefined> {
    const logGroupName = await this.#logGroupOf(roleArn);
    if (logGroupName === undefined) return undefined;
    const { logs } = await this.#clients.observation();
    const filter = { logGroupName, startTime: sinceMs, filterPattern: '?"AccessDenied" ?"is not authorized"' };
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, filter)) {
      for (const { message = '' } of events) {
        const told = toldBy(message, denied);
        if (told !== undefined) return told;
      }
    }
    return undefined;
  }

  close(): void {
    this.#clients.destroy();
  }

  async #logGroupOf(roleArn: string): Promise<string | undefined> {
    const { sfn } = this.#clients;
    for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
      for (const { stateMachineArn } of stateMachines) {
        const found = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
        const [destination] = found.loggingConfiguration?.destinations ?? [];
        const group = /:log-group:([^:]+)/.exec(destination?.cloudWatchLogsLogGroup?.logGroupArn ?? '')?.[1];
        if (found.roleArn === roleArn) return group;
      }
    }
    return undefined;
  }
}

/** `TaskFailed DynamoDb.DynamoDbException` */
function toldBy(message: string, { action, resource }: DeniedCall): string | undefined {
  const event = parseJson(message);
  if (event === undefined || !isJsonObject(event)) return undefined;
  const { type, details } = event;
  if (details === undefined || !isJsonObject(details)) return undefined;
  const { error, cause } = details;
  // S3 writes the resource of AWS's sentence in quotation marks.
  const tells = [`is not authorized to perform: ${action} on resource`, resource].every((text) =>
    String(cause).includes(text),
  );
  return tells || /\.AccessDenied\b/.test(String(error)) ? `${type} ${error}` : undefined;
}
