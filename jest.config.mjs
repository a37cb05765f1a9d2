import { availableParallelism } from 'node:os';

/** Files that run beside those which fill the cores: half of the suite's time its files wait, for buffers and engines. */
const WAITING = 2;

/** @type {import('jest').Config} */
export default {
  runner: 'jest-light-runner',
  testSequencer: '<rootDir>/test/jest/longest-first.ts',
  setupFilesAfterEnv: ['<rootDir>/test/jest/time-limits.ts', '<rootDir>/test/jest/failure-reports.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/api-docs/'],
  // Not a percentage: jest reads one above 100 as that number of workers.
  maxWorkers: availableParallelism() + WAITING,
};
