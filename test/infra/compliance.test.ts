import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, NIST80053R5Checks } from 'cdk-nag';

import { appWith } from './synthesis.ts';

/** Rule → the constructs that violate it, without acknowledged violations; `Rule | construct, construct` each. */
function findings(pack: NagPack, options: Record<string, unknown>): string[] {
  const app = appWith(options);
  return pack
    .validateScope(app)
    .violations.map(({ ruleName, violatingResources }) => {
      const paths = violatingResources.map(({ constructPath = '' }) =>
        constructPath.replace(/^TweetPipes\/|\/Resource$/g, ''),
      );
      return `${ruleName.replace(/^.*-/, '')} | ${paths.sort().join(', ')}`;
    })
    .sort();
}

const page = readFileSync(new URL('../../docs/compliance.md', import.meta.url), 'utf8');
/** Rule, constructs, answer. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.slice(2, -2).split(' | '));
const documented = rows.map(([rule, constructs]) => `${rule} | ${constructs}`.replaceAll('`', ''));

const withEverything = { shards: 2, alarmEmail: 'a@example.com', monthlyBudgetUsd: 5, executionData: true };

describe('docs/compliance.md', () => {
  it.each([
    ['by default', {}],
    ['with more options', withEverything],
    ['when nothing is retained', { removal: 'destroy', archiveContent: 'keys', tracing: false }],
  ])('lists what HIPAA Security and NIST 800-53 R5 find %s', (_, options) => {
    expect(findings(new HIPAASecurityChecks(), options)).toEqual(documented);
    expect(findings(new NIST80053R5Checks(), options)).toEqual(documented);
  });

  it('answers each', () => {
    for (const [rule, , answer = ''] of rows) expect([rule, answer]).toEqual([rule, expect.stringMatching(/\w.*\.$/)]);
  });

  it('is right that AWS Solutions finds nothing', () => {
    expect(findings(new AwsSolutionsChecks(), {})).toEqual([]);
    expect(findings(new AwsSolutionsChecks(), withEverything)).toEqual([]);
  });
});
