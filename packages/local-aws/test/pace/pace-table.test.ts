import { describe, expect, it } from '@jest/globals';
import { PaceTableError, paceTable, readPaceTable } from '../../src/pace/pace-table.ts';

const latency = { p50Ms: 5, p99Ms: 20, source: 'recalled' };

describe('the table of AWS’s pace', () => {
  it('has a source for every entry, and a date unless it is recalled', () => {
    const { calls, overheads, polls, limits } = paceTable();
    const lines = [calls, overheads, polls, limits].flatMap((part) => Object.values(part));
    expect(lines.length).toBeGreaterThan(20);
    for (const { source, date } of lines) expect(source === 'recalled' || date !== undefined).toBe(true);
  });

  it('replaces given entries of the default table, and keeps the others', () => {
    const changed = paceTable({
      calls: { 'dynamodb.UpdateItem': latency },
      polls: { kinesis: { intervalMs: 200, source: 'recalled' } },
    });
    expect(changed.calls['dynamodb.UpdateItem']).toEqual(latency);
    expect(changed.calls['dynamodb.PutItem']).toEqual(paceTable().calls['dynamodb.PutItem']);
    expect(changed.polls).toEqual({ ...paceTable().polls, kinesis: { intervalMs: 200, source: 'recalled' } });
  });

  it.each([
    [
      { calls: { 'dynamodb.UpdateItme': latency } },
      'expected service.Operation of AWS, such as dynamodb.UpdateItem, not dynamodb.UpdateItme',
    ],
    [{ calls: { 'dynamodb.UpdateItem': { ...latency, p50Ms: 30 } } }, 'expected p99Ms not below p50Ms'],
    [{ calls: { 'dynamodb.UpdateItem': { ...latency, p50Ms: 0 } } }, 'calls.dynamodb.UpdateItem.p50Ms'],
    [{ calls: { 'dynamodb.UpdateItem': { ...latency, source: 'somewhere' } } }, 'expected an address, or recalled'],
    [
      { calls: { 'dynamodb.UpdateItem': { ...latency, source: 'https://example.com' } } },
      'expected the date of the source',
    ],
    [{ calls: { 'dynamodb.UpdateItem': { p50Ms: 1, p99Ms: 2 } } }, 'calls.dynamodb.UpdateItem.source'],
    [{ limits: { itemWriteUnitsPerSecond: { value: 0, source: 'recalled' } } }, 'limits.itemWriteUnitsPerSecond.value'],
    [{ limits: { itemWritesPerSecond: { value: 1, source: 'recalled' } } }, 'itemWritesPerSecond'],
    [[], 'expected object'],
  ])('refuses %j', (given, message) => {
    expect(() => paceTable(given)).toThrow(PaceTableError);
    expect(() => paceTable(given)).toThrow(message);
  });

  it('names a file that cannot be read', async () => {
    await expect(readPaceTable('/nowhere/table.json')).rejects.toThrow(/\/nowhere\/table\.json/);
  });
});
