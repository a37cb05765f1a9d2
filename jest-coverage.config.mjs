/**
 * The suite with its coverage measured and gated: `npm run coverage`. Istanbul instruments what Node has stripped of its
 * types, which takes jest's own runner. It takes more than twice as long as the suite, so it is not part of `npm test`.
 */
import jest from './jest.config.mjs';

/** Run in processes or threads of their own, where Istanbul does not look. Tests judge them from outside. */
const elsewhere = [
  'packages/local-aws/src/lambda/{worker,load-handler,function-error}.ts',
  'infra/app.ts',
  'packages/cli/src/tweet-pipes.ts',
];

export default {
  ...jest,
  maxWorkers: '100%',
  runner: 'jest-runner',
  setupFilesAfterEnv: [],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testTimeout: 360_000,
  workerIdleMemoryLimit: '400MB',
  workerGracefulExitTimeout: 5_000,
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
