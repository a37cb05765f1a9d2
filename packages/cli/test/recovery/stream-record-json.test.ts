import { expect, it } from '@jest/globals';
import { streamRecordJson } from '../../src/recovery/stream-record-json.ts';

it('writes a record of the SDK as the API does in JSON', () => {
  expect(
    streamRecordJson({
      eventID: 'e1',
      eventName: 'REMOVE',
      userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
      dynamodb: {
        ApproximateCreationDateTime: new Date(1_700_000_000_000),
        Keys: { id: { S: '1' } },
        OldImage: {
          n: { N: '12345678901234567890' },
          b: { B: Uint8Array.of(1, 2) },
          bs: { BS: [Uint8Array.of(3)] },
          ss: { SS: ['a'] },
          ns: { NS: ['1'] },
          t: { BOOL: false },
          z: { NULL: true },
          m: { M: { l: { L: [{ N: '1' }, { M: {} }] } } },
        },
        SequenceNumber: '7',
        SizeBytes: 99,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    }),
  ).toEqual({
    eventID: 'e1',
    eventName: 'REMOVE',
    userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
    dynamodb: {
      ApproximateCreationDateTime: 1_700_000_000,
      Keys: { id: { S: '1' } },
      OldImage: {
        n: { N: '12345678901234567890' },
        b: { B: 'AQI=' },
        bs: { BS: ['Aw=='] },
        ss: { SS: ['a'] },
        ns: { NS: ['1'] },
        t: { BOOL: false },
        z: { NULL: true },
        m: { M: { l: { L: [{ N: '1' }, { M: {} }] } } },
      },
      SequenceNumber: '7',
      SizeBytes: 99,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  });
});
