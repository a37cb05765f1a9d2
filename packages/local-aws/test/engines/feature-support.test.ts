import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { kinesisOperations } from '../../src/engines/kinesis-operations.ts';
import { sqsOperations } from '../../src/engines/objects-engine.ts';
import { s3Operations } from '../../src/engines/s3-operations.ts';
import { snsOperations } from '../../src/engines/sns-service.ts';

const page = readFileSync(new URL('../../../../docs/feature-support.md', import.meta.url), 'utf8');
const engines = page.split(/^## /m).find((section) => section.startsWith('Engines')) ?? '';
/** The words of the paragraph that begins with the service's name. */
const words = (service: string): Set<string> =>
  new Set((engines.split('\n\n').find((part) => part.startsWith(`${service}:`)) ?? '').match(/\w+/g));

describe('docs/feature-support.md', () => {
  it.each([
    ['Kinesis', [...kinesisOperations, 'SubscribeToShard']],
    ['S3', s3Operations],
    ['SQS', [...sqsOperations]],
    ['SNS', [...snsOperations]],
  ])('names every operation that %s has here', (service, operations) => {
    expect(operations.length).toBeGreaterThan(10);
    const named = words(service);
    expect(operations.filter((operation) => !named.has(operation))).toEqual([]);
  });
});
