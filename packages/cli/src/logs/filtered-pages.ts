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

/** The name of the error for a log group that does not exist. */
export const NO_LOG_GROUP = 'ResourceNotFoundException';

/**
 * Reads a log group by FilterLogEvents, page by page. Throws the SDK's errors; the one that is named
 * {@link NO_LOG_GROUP} says which group.
 */
export async function* filteredPages(
  clients: Pick<AwsClients, 'observation'>,
  request: Omit<FilterLogEventsCommandInput, 'nextToken'>,
): AsyncGenerator<FilteredPage> {
  const { logs } = await clients.observation();
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ ...request, nextToken })).catch((error: unknown) => {
      if (!isNamed(error, NO_LOG_GROUP) || !(error instanceof Error)) throw error;
      // The SDK's own message does not say which.
      error.message = `The log group ${request.logGroupName} does not exist, so nothing is logged.`;
      throw error;
    });
    nextToken = page.nextToken;
    yield { events: page.events ?? [], isLast: nextToken === undefined };
  } while (nextToken !== undefined);
}
