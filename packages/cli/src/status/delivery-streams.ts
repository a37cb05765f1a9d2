import { DescribeDeliveryStreamCommand, type ExtendedS3DestinationDescription } from '@aws-sdk/client-firehose';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { DeliveryStreamStatus, NamedResource } from '@tweet-pipes/console/status';
import type { AwsClients } from '@tweet-pipes/kit/aws-clients';
import type { Clock } from '@tweet-pipes/kit/clock';
import { hourFolder } from '../stack/hour-folder.ts';
import { factOf, NotKnown } from './known.ts';
import { type MetricReader, ResourceMetrics } from './metrics.ts';

const hourMs = 3_600_000;
/** Keys that are listed of what could not be delivered: ten calls. Their order is not that of time. */
const mostErrors = 10_000;

/** Reads a delivery stream of Firehose, and the newest objects that it wrote. Never throws. */
export async function readDeliveryStream(
  stream: NamedResource,
  { clients, clock }: { clients: AwsClients; clock: Clock },
  reader: MetricReader,
): Promise<DeliveryStreamStatus> {
  const metrics = new ResourceMetrics(reader, 'AWS/Firehose', { DeliveryStreamName: stream.name });
  const describing = clients.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: stream.name }));
  const destination = async () => {
    const { DeliveryStreamDescription: description } = await describing;
    const s3 = description?.Destinations?.[0]?.ExtendedS3DestinationDescription;
    if (s3 === undefined) throw new NotKnown('it does not deliver to S3');
    return s3;
  };
  const [state, newest, errors, traffic] = await Promise.all([
    factOf(async () => (await describing).DeliveryStreamDescription?.DeliveryStreamStatus ?? 'UNKNOWN'),
    factOf(async () => readNewest(clients, await destination(), clock.now())),
    factOf(async () => readErrors(clients, await destination())),
    factOf(async () => {
      const [sums, read, oldestSeconds] = await Promise.all([
        metrics.read('IncomingRecords', 'Sum'),
        metrics.read('DataReadFromKinesisStream.Records', 'Sum'),
        metrics.read('DeliveryToS3.DataFreshness', 'Maximum'),
      ]);
      const records = read ?? sums;
      if (records === undefined) throw new NotKnown(`CloudWatch has no values of the last ${reader.minutes} minutes`);
      return { records, ...(oldestSeconds === undefined ? {} : { oldestSeconds }) };
    }),
  ]);
  return { ...stream, state, newest, errors, traffic };
}

/** Firehose names objects by the hour of their oldest record, so an object of now may stand under the hour before. */
async function readNewest(
  { s3 }: AwsClients,
  { BucketARN = '', Prefix = '' }: ExtendedS3DestinationDescription,
  nowMs: number,
): Promise<{ at?: string; key?: string }> {
  let newest: { at: string; key: string } | undefined;
  for (const hour of [nowMs, nowMs - hourMs]) {
    const prefix = `${fixedPart(Prefix)}${hourFolder(hour)}`;
    const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucketOf(BucketARN), Prefix: prefix });
    for await (const { Contents = [] } of pages) {
      for (const { Key: key = '', LastModified } of Contents) {
        const at = LastModified?.toISOString() ?? '';
        if (newest === undefined || at > newest.at) newest = { at, key };
      }
    }
    if (newest !== undefined) break;
  }
  return newest ?? {};
}

async function readErrors(
  { s3 }: AwsClients,
  { BucketARN = '', ErrorOutputPrefix = '' }: ExtendedS3DestinationDescription,
): Promise<{ objects: number; isAtLeast: boolean; newestAt?: string }> {
  const prefix = fixedPart(ErrorOutputPrefix);
  if (prefix === '') throw new NotKnown('its error prefix begins with an expression');
  let objects = 0;
  let newestAt: string | undefined;
  let isAtLeast = false;
  for await (const { Contents = [], IsTruncated = false } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucketOf(BucketARN), Prefix: prefix },
  )) {
    objects += Contents.length;
    for (const { LastModified } of Contents) {
      const at = LastModified?.toISOString() ?? '';
      if (newestAt === undefined || at > newestAt) newestAt = at;
    }
    isAtLeast = IsTruncated && objects >= mostErrors;
    if (isAtLeast) break;
  }
  return { objects, isAtLeast, ...(newestAt === undefined ? {} : { newestAt }) };
}

/** What stands before the first `!{timestamp:…}` of a prefix. */
function fixedPart(prefix: string): string {
  return prefix.split('!{')[0] ?? '';
}

function bucketOf(arn: string): string {
  return arn.split(':').at(-1) ?? '';
}
