import type { JsonObject } from '@tweet-pipes/kit/json';
import { formatPosition } from '@tweet-pipes/kit/position';

/** Events of removed tweets, as an archive pipe passes them to the flatten function. */
export function removals(count: number, table = 'tweets'): JsonObject[] {
  return Array.from({ length: count }, (_, index) =>
    removal(String(1_900_000_000_000_000_000n + BigInt(index)), table),
  );
}

function removal(id: string, table: string): JsonObject {
  return {
    eventID: id,
    eventName: 'REMOVE',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_790_000_000,
      Keys: { id: { S: id } },
      OldImage: {
        id: { S: id },
        text: { S: 'A text about #counting and #measuring, as long as such texts are.' },
        createdAt: { S: 'Thu Nov 26 08:00:00 +0000 2026' },
        lang: { S: 'en' },
        userId: { S: '12345678' },
        userName: { S: 'someone' },
        hashtags: { L: [{ S: 'counting' }, { S: 'measuring' }] },
        record: { S: formatPosition('shardId-000000000000', `4960${id}`) },
        expiresAt: { N: '1792592000' },
      },
      SequenceNumber: id.padStart(21, '0'),
      SizeBytes: 320,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-11-26T00:00:00.000`,
  };
}
