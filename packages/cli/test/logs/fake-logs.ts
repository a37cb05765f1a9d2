import { CloudWatchLogsClient, type FilterLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';
import { awsError } from '../console/fake-clients.ts';

/** An event of a log group in memory. */
export interface FakeEvent {
  readonly timestamp: number;
  readonly message: string;
}

interface Answer {
  $metadata: object;
  events?: object[];
  logGroups?: object[];
  nextToken?: string;
}

/** Log groups in memory that answer FilterLogEvents by pages of two, and every pattern with every event. */
export class FakeLogs {
  readonly groups = new Map<string, FakeEvent[]>();
  readonly asked: FilterLogEventsCommandInput[] = [];
  readonly clients: Pick<AwsClients, 'observation'>;

  constructor() {
    const clients = createClients({ endpoint: 'http://127.0.0.1:1' });
    this.clients = {
      observation: async () => {
        const observation = await clients.observation();
        return { ...observation, logs: this.#client() };
      },
    };
  }

  #client(): CloudWatchLogsClient {
    const client = new CloudWatchLogsClient({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1' });
    client.middlewareStack.add(() => async (call) => ({ response: {}, output: this.#answer(call.input) }), {
      step: 'initialize',
    });
    return client;
  }

  #answer(input: object): Answer {
    const asked: FilterLogEventsCommandInput = { ...input };
    const { logGroupName = '', startTime = 0, endTime = Number.POSITIVE_INFINITY, nextToken } = asked;
    const $metadata = {};
    const events = this.groups.get(logGroupName);
    if ('logGroupNamePrefix' in input) {
      const logGroups = [...this.groups.keys()].map((name) => ({ logGroupName: name }));
      return { logGroups, $metadata };
    }
    this.asked.push(asked);
    if (events === undefined) throw awsError('ResourceNotFoundException');
    const found = events
      .map((event, index) => ({ ...event, logStreamName: 's', eventId: String(index) }))
      .filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime)
      .sort((a, b) => a.timestamp - b.timestamp);
    const start = Number(nextToken ?? 0);
    const more = start + 2 < found.length ? { nextToken: String(start + 2) } : {};
    return { events: found.slice(start, start + 2), ...more, $metadata };
  }
}
