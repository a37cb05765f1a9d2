import {
  type FilteredLogEvent,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed } from '@tweet-pipes/kit/thrown';

/** What one call found. It may be nothing although other pages follow. */
export interface FilteredPage {
  readonly events: readonly FilteredLogEvent[];
  readonly isLast: boolean;
}

/**
 * Reads a log group by FilterLogEvents, page by page. A group that does not exist holds nothing: AWS creates some with
 * their first event. Throws the SDK's errors.
 */
export async function* filteredPages(
  clients: Pick<AwsClients, 'observation'>,
  request: Omit<FilterLogEventsCommandInput, 'nextToken'>,
): AsyncGenerator<FilteredPage> {
  const { logs } = await clients.observation();
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ ...request, nextToken })).catch((error: unknown) => {
      if (isNamed(error, 'ResourceNotFoundException')) return { events: [], nextToken: undefined };
      throw error;
    });
    nextToken = page.nextToken;
    yield { events: page.events ?? [], isLast: nextToken === undefined };
  } while (nextToken !== undefined);
}
