import { type AwsClients, createClients } from '@tweet-pipes/kit/aws-clients';

/** A throttled call is tried once more at most, and a slow one not waited for. */
const hasty = { maxAttempts: 2, longestAttemptMs: 3_000 };

/**
 * Clients at an endpoint for what is read again and again: a fact that is not to be had soon is "not known", and the
 * next reading asks again. The caller destroys them.
 */
export function createStatusClients(endpoint: string): AwsClients {
  return createClients({ endpoint, accessKeyId: 'console', ...hasty });
}
