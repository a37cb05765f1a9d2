import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, create, destination, type Firehose, type Fixture, put, startFixture, texts, until } from './fixture.ts';
import { bucket } from './object-store.ts';

let fixture: Fixture;
let service: Firehose;
beforeAll(async () => {
  fixture = await startFixture();
  service = fixture.service(fixture.dataFolder);
});
afterAll(() => fixture.stop());

const DestinationId = 'destinationId-000000000001';

const update = (DeliveryStreamName: string, version: number, ExtendedS3DestinationUpdate: object) =>
  call(service, 'UpdateDestination', {
    ...{ DeliveryStreamName, DestinationId, ExtendedS3DestinationUpdate },
    CurrentDeliveryStreamVersionId: String(version),
  });

interface Described {
  DeliveryStreamDescription: { VersionId: string; Destinations: { ExtendedS3DestinationDescription: object }[] };
}
const describeStream = async (DeliveryStreamName: string) => {
  const answer: Described = JSON.parse(
    JSON.stringify(await call(service, 'DescribeDeliveryStream', { DeliveryStreamName })),
  );
  const { VersionId, Destinations } = answer.DeliveryStreamDescription;
  return { VersionId, ...Destinations[0]?.ExtendedS3DestinationDescription };
};

/** Texts of the objects below a prefix. */
async function below(prefix: string): Promise<string[]> {
  const all = Object.entries(await texts(fixture));
  return all.filter(([key]) => key.startsWith(prefix)).map(([, text]) => text);
}

const delivered = (...prefixes: string[]) =>
  until(async () => {
    await fixture.clock.advance(10_000);
    return (await Promise.all(prefixes.map(below))).every((found) => found.length > 0);
  });

describe('UpdateDestination', () => {
  // https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html
  it('changes what it names, keeps the rest, and counts the version', async () => {
    await create(service, 'Kept', { Prefix: 'kept/', ErrorOutputPrefix: 'errors/', FileExtension: '.txt' });
    await update('Kept', 1, { CompressionFormat: 'GZIP', ErrorOutputPrefix: '' });
    expect(await describeStream('Kept')).toEqual({
      ...(await describeStream('Kept')),
      VersionId: '2',
      Prefix: 'kept/',
      CompressionFormat: 'GZIP',
      FileExtension: '.txt',
    });
    expect(await describeStream('Kept')).not.toHaveProperty('ErrorOutputPrefix');
    await put(service, 'Kept', 'one');
    await until(async () => {
      await fixture.clock.advance(300_000);
      return Object.keys(await texts(fixture)).some((key) => /^kept\/.*\/Kept-2-.*\.txt$/.test(key));
    });
  });

  it.each<[string, object, string]>([
    ['another version', { CurrentDeliveryStreamVersionId: '7' }, 'ConcurrentModificationException'],
    ['another destination', { DestinationId: 'destinationId-000000000002' }, 'InvalidArgumentException'],
    [
      'what is not supported',
      { ExtendedS3DestinationUpdate: { CompressionFormat: 'ZIP' } },
      'InvalidArgumentException',
    ],
    ['the old form of the destination', { S3DestinationUpdate: {} }, 'InvalidArgumentException'],
    ['an unknown stream', { DeliveryStreamName: 'Nowhere' }, 'ResourceNotFoundException'],
  ])('refuses %s', async (_what, more, name) => {
    const given = { DeliveryStreamName: 'Kept', DestinationId, CurrentDeliveryStreamVersionId: '2' };
    const input = { ...given, ExtendedS3DestinationUpdate: {}, ...more };
    await expect(call(service, 'UpdateDestination', input)).rejects.toMatchObject({ name });
  });

  it('delivers what was buffered, once, to the new destination', async () => {
    await create(service, 'Buffered', { Prefix: 'before/' });
    await put(service, 'Buffered', 'a', 'b');
    await update('Buffered', 1, { Prefix: 'after/' });
    await put(service, 'Buffered', 'c');
    await delivered('after/');
    expect([await below('before/'), (await below('after/')).join('')]).toEqual([[], 'abc']);
  });

  it('delivers to the new destination what the old one did not take', async () => {
    await create(service, 'Repaired', { Prefix: 'broken/', BucketARN: 'arn:aws:s3:::missing' });
    await put(service, 'Repaired', 'x');
    const problem = () => service.pending().then((all) => all.some(({ detail }) => detail.includes('failed')));
    await until(async () => {
      await fixture.clock.advance(10_000);
      return problem();
    });
    await update('Repaired', 1, { Prefix: 'repaired/', BucketARN: destination.BucketARN });
    await delivered('repaired/');
    expect([bucket, await below('repaired/')]).toEqual(['archive', ['x']]);
  });

  it('has tags beside it', async () => {
    const DeliveryStreamName = 'Kept';
    await call(service, 'TagDeliveryStream', { DeliveryStreamName, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }] });
    await call(service, 'UntagDeliveryStream', { DeliveryStreamName, TagKeys: ['a'] });
    await update('Kept', 2, { Prefix: 'other/' });
    expect(await call(service, 'ListTagsForDeliveryStream', { DeliveryStreamName })).toEqual({
      Tags: [{ Key: 'b' }],
      HasMoreTags: false,
    });
  });
});
