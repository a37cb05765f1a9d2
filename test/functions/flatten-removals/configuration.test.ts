import { describe, expect, it } from '@jest/globals';

import { readConfiguration } from '../../../functions/flatten-removals/configuration.ts';

describe('readConfiguration', () => {
  it('reads labels and what to archive', () => {
    const configuration = readConfiguration({ TABLE_LABELS: '{"Stack-T":"tweets"}', ARCHIVE_CONTENT: 'keys' });

    expect(configuration).toEqual({ tableLabels: new Map([['Stack-T', 'tweets']]), archiveContent: 'keys' });
  });

  it.each([
    [{}, 'TABLE_LABELS must be a JSON object .* but is not set'],
    [{ TABLE_LABELS: '{"T"' }, 'TABLE_LABELS .* but is "{\\\\"T\\\\""'],
    [{ TABLE_LABELS: '{}' }, 'TABLE_LABELS'],
    [{ TABLE_LABELS: '["tweets"]' }, 'TABLE_LABELS'],
    [{ TABLE_LABELS: '{"T":""}' }, 'TABLE_LABELS'],
    [{ TABLE_LABELS: '{"T":1}' }, 'TABLE_LABELS'],
    [{ TABLE_LABELS: '{"T":"t"}' }, 'ARCHIVE_CONTENT must be one of full, keys, but is not set'],
    [{ TABLE_LABELS: '{"T":"t"}', ARCHIVE_CONTENT: '' }, 'ARCHIVE_CONTENT .* but is ""'],
  ])('names the variable that is wrong in %j', (environment, message) => {
    expect(() => readConfiguration(environment)).toThrow(new RegExp(message));
  });
});
