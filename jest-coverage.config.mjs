/**
 * The suite with its coverage measured and gated: `npm run coverage`. Istanbul instruments what Node has stripped of its
 * types; it takes a fifth longer than the suite alone, so it is not part of `npm test`.
 */
import { readFileSync } from 'node:fs';

const { jest } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Run in processes or threads of their own, where Istanbul does not look. Tests judge them from outside. */
const elsewhere = [
  'packages/local-aws/src/lambda/{worker,load-handler,function-error}.ts',
  'infra/app.ts',
  'packages/cli/src/tweet-pipes.ts',
];

export default {
  ...jest,
  coverageProvider: 'babel',
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'lcovonly'],
  collectCoverageFrom: [
    '{infra,functions,producer}/**/*.ts',
    'packages/{kit,local-aws,cli}/src/**/*.ts',
    ...elsewhere.map((file) => `!${file}`),
  ],
  coverageThreshold: { global: { statements: 93, branches: 84 } },
};
