import { parsePosition } from '@tweet-pipes/kit/position';
import type { RecoveryContext } from '../recovery/context.ts';
import { coversRecord, peekDeadLetters, queueUrlOf } from '../recovery/dead-letter-look.ts';
import type { DescribedPipe } from '../recovery/pipe.ts';
import { errorBefore, errorLogOfPipe } from '../status/last-error.ts';
import type { GivenUpRecord } from './findings.ts';

/** The dead letters that point to one of the records. Throws the SDK's errors. */
export async function findGivenUp(
  { clients }: RecoveryContext,
  { deadLetterArn, sourceArn }: Pick<DescribedPipe, 'deadLetterArn' | 'sourceArn'>,
  positions: readonly string[],
): Promise<GivenUpRecord[]> {
  const deadLetters = await peekDeadLetters(clients, await queueUrlOf(clients, deadLetterArn));
  return positions.flatMap((position) => {
    const record = parsePosition(position);
    if (record === undefined) return [];
    return deadLetters
      .filter((each) => each.streamArn === sourceArn && coversRecord(each, record))
      .map(({ condition, givenUpMs }) => ({ position, condition, atMs: givenUpMs }));
  });
}

/** The records, each with the error after which the pipe gave it up, where its log has one. Throws the SDK's errors. */
export async function withErrors(
  { clients }: RecoveryContext,
  { logGroupArn }: Pick<DescribedPipe, 'logGroupArn'>,
  givenUp: readonly GivenUpRecord[],
): Promise<GivenUpRecord[]> {
  const explained: GivenUpRecord[] = [];
  for (const record of givenUp) {
    const error = await errorBefore(clients, errorLogOfPipe(logGroupArn), record.atMs);
    explained.push(error === undefined ? record : { ...record, error: error.text });
  }
  return explained;
}
