import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import { isNamed, messageOf } from '@tweet-pipes/kit/thrown';
import { filteredPages, NO_LOG_GROUP } from './filtered-pages.ts';
import type { LogSource } from './log-source.ts';

/** An event of a log, with what wrote it. */
export interface SourceEvent {
  readonly source: LogSource;
  readonly logStreamName: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly message: string;
  /** Tells events of all sources apart. */
  readonly id: string;
}

/** The first moment that is read, milliseconds since the epoch; from there on all that is there. */
export interface Beginning {
  readonly fromMs: number;
  /** Gets a sentence for each log group that does not exist, and so has no events. */
  readonly onMissing?: ((message: string) => void) | undefined;
}

/** A source, and the filter pattern for it. */
export interface Selection {
  readonly source: LogSource;
  /** Empty: every event. */
  readonly pattern: string;
  /** What the pattern cannot tell. Default: it tells all. */
  accepts?(message: string): boolean;
}

/** The events of all selections, the oldest first. Throws the SDK's errors, InvalidParameterException among them. */
export async function* readEvents(
  clients: Pick<AwsClients, 'observation'>,
  selections: readonly Selection[],
  beginning: Beginning,
): AsyncGenerator<SourceEvent> {
  const heads: { event: SourceEvent; rest: AsyncGenerator<SourceEvent> }[] = [];
  const begun = await Promise.all(
    selections.map(async (selection) => {
      const rest = readSource(clients, selection, beginning);
      return { first: await rest.next(), rest };
    }),
  );
  for (const { first, rest } of begun) if (first.done !== true) heads.push({ event: first.value, rest });
  while (heads.length > 0) {
    heads.sort((a, b) => a.event.atMs - b.event.atMs);
    const [head] = heads;
    if (head === undefined) return;
    yield head.event;
    const next = await head.rest.next();
    if (next.done === true) heads.shift();
    else head.event = next.value;
  }
}

async function* readSource(
  clients: Pick<AwsClients, 'observation'>,
  { source, pattern, accepts = () => true }: Selection,
  { fromMs, onMissing }: Beginning,
): AsyncGenerator<SourceEvent> {
  const { logGroupName, logStreamName } = source;
  if (logGroupName === undefined) return;
  const request = {
    logGroupName,
    startTime: Math.max(0, fromMs),
    ...(logStreamName !== undefined && { logStreamNames: [logStreamName] }),
    ...(pattern !== '' && { filterPattern: pattern }),
  };
  try {
    for await (const { events } of filteredPages(clients, request)) {
      for (const { timestamp = 0, message = '', logStreamName: stream = '', eventId = '' } of events) {
        if (accepts(message))
          yield { source, logStreamName: stream, atMs: timestamp, message, id: `${logGroupName} ${eventId}` };
      }
    }
  } catch (error) {
    if (!isNamed(error, NO_LOG_GROUP)) throw error;
    onMissing?.(messageOf(error));
  }
}
