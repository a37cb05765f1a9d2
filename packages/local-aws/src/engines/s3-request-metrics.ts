import { isJsonObject } from '@tweet-pipes/kit/json';
import { XMLParser } from 'fast-xml-parser';
import { type MetricDelivery, noMetricDelivery } from '../cloudwatch/metric-delivery.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { WireRequest, WireResponse } from '../gateway/wire.ts';
import { s3Target } from './s3-request.ts';
import { s3Document, type XmlMembers } from './s3-xml.ts';

const parser = new XMLParser({ parseTagValue: false });

/** Of a kind of request, the metric that counts it. */
const kinds: readonly [RegExp, string][] = [
  [/^(PutObject|CopyObject|UploadPart|UploadPartCopy)$/, 'PutRequests'],
  [/^GetObject/, 'GetRequests'],
  [/^HeadObject$/, 'HeadRequests'],
  [/^DeleteObjects?$/, 'DeleteRequests'],
  [/^(CreateMultipartUpload|CompleteMultipartUpload)$/, 'PostRequests'],
];

/**
 * Request metrics of buckets: which filters there are, and what they count. In memory.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 */
export class S3RequestMetrics {
  readonly #delivery: MetricDelivery;
  /** Prefixes by the id of their filter, by bucket. */
  readonly #filters = new Map<string, Map<string, string>>();

  constructor(delivery: MetricDelivery = noMetricDelivery) {
    this.#delivery = delivery;
  }

  /** Answers an operation on the filters. Undefined for any other operation. */
  configure(operation: string, request: WireRequest): Buffer | undefined {
    const { bucket, query } = s3Target(request);
    const filters = this.#filters.get(bucket) ?? new Map<string, string>();
    const id = query.get('id') ?? '';
    switch (operation) {
      case 'PutBucketMetricsConfiguration':
        filters.set(id, prefixOf(request.body, id));
        this.#filters.set(bucket, filters);
        return Buffer.alloc(0);
      case 'GetBucketMetricsConfiguration': {
        const prefix = filters.get(id);
        if (prefix === undefined) throw noSuchConfiguration();
        return s3Document('MetricsConfiguration', configuration(id, prefix));
      }
      case 'ListBucketMetricsConfigurations':
        return s3Document('ListMetricsConfigurationsResult', {
          IsTruncated: false,
          MetricsConfiguration: [...filters].map(([each, prefix]) => configuration(each, prefix)),
        });
      case 'DeleteBucketMetricsConfiguration':
        if (!filters.delete(id)) throw noSuchConfiguration();
        return Buffer.alloc(0);
      default:
        return undefined;
    }
  }

  /** Forgets the filters of a bucket that was deleted. */
  forget(bucket: string): void {
    this.#filters.delete(bucket);
  }

  /** Counts a request on an object. */
  count(operation: string, request: WireRequest, { statusCode, body }: WireResponse, elapsedMs: number): void {
    const { bucket, key } = s3Target(request);
    const filters = this.#filters.get(bucket);
    if (filters === undefined || key === '') return;
    const kind = kinds.find(([pattern]) => pattern.test(operation))?.[1];
    for (const [FilterId, prefix] of filters) {
      if (!key.startsWith(prefix)) continue;
      const put = (metricName: string, value: number, unit = 'Count') =>
        this.#delivery.put({
          ...{ namespace: 'AWS/S3', metricName, value, unit },
          dimensions: { BucketName: bucket, FilterId },
        });
      put('AllRequests', 1);
      if (kind !== undefined) put(kind, 1);
      if (kind === 'PutRequests') put('BytesUploaded', request.body.length, 'Bytes');
      if (kind === 'GetRequests') put('BytesDownloaded', body.length, 'Bytes');
      put('4xxErrors', statusCode >= 400 && statusCode < 500 ? 1 : 0);
      put('5xxErrors', statusCode >= 500 ? 1 : 0);
      put('TotalRequestLatency', elapsedMs, 'Milliseconds');
    }
  }
}

function configuration(Id: string, Prefix: string): XmlMembers {
  return { Id, ...(Prefix !== '' && { Filter: { Prefix } }) };
}

/** Filters by tag or access point are refused. */
function prefixOf(body: Buffer, id: string): string {
  const document: unknown = parser.parse(body.toString('utf8'));
  const given = isJsonObject(document) ? document.MetricsConfiguration : undefined;
  if (!isJsonObject(given) || given.Id !== id)
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed.');
  const filter = given.Filter ?? {};
  if (!isJsonObject(filter)) return '';
  const strange = Object.keys(filter).find((name) => name !== 'Prefix');
  if (strange !== undefined) {
    throw new AwsError(
      'NotImplemented',
      `s3 metrics with a filter by ${strange} are not supported by the local endpoint.`,
      {
        statusCode: 501,
      },
    );
  }
  return String(filter.Prefix ?? '');
}

function noSuchConfiguration(): AwsError {
  return new AwsError('NoSuchConfiguration', 'The specified configuration does not exist.', { statusCode: 404 });
}
