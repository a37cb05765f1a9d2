import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { objectKey, objectNaming } from '../../src/firehose/object-name.ts';
import cases from './cases/object-names.json' with { type: 'json' };

describe('the key of an object', () => {
  it.each(cases)('$name', async ({ input, expected }) => {
    const { arrival, prefix, errorOutputPrefix, customTimeZone, extension = '' } = input;
    const key = async () => {
      const naming = await objectNaming({ prefix, errorOutputPrefix, customTimeZone, extension });
      return objectKey(naming, 'Clicks', Date.parse(arrival), seededRandom(1));
    };

    if (expected.error === undefined) expect(await key()).toMatch(new RegExp(expected.key));
    else
      await expect(key()).rejects.toMatchObject({
        name: 'InvalidArgumentException',
        message: expect.stringContaining(expected.error),
      });
  });
});
