import { plural } from '@tweet-pipes/kit/wording';
import type { StreamRecord } from '@tweet-pipes/producer/record';
import { printable } from '../terminal/terminal.ts';

/** Says that a record is above the limit of 1 MiB, and which one. `bytes` includes the partition key. */
export function oversizedLine({ place, partitionKey }: StreamRecord, bytes: number): string {
  const which = place === undefined ? `partition key ${printable(partitionKey)}` : printable(place);
  return `Not sent: ${plural(bytes, 'byte')} or more, above the limit of 1 MiB (${which})`;
}
