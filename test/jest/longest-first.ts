import { createRequire } from 'node:module';

// An import would give the class itself, where its types tell of a module with it.
const { default: Sequencer }: typeof import('@jest/test-sequencer') = createRequire(import.meta.url)(
  '@jest/test-sequencer',
);
type Tests = Parameters<InstanceType<typeof Sequencer>['sort']>[0];

/**
 * Files of tests that take longest, the longest first. They start first, so that none runs alone at the end. jest knows
 * times only where it has run before, which is not so in CI, and else takes large files for long ones.
 */
export const longest = [
  'test/readme.test.ts',
  'test/contributing.test.ts',
  'packages/lab/test/chaos/chaos.test.ts',
  'packages/cli/test/commands/start.test.ts',
  'test/e2e/sentiment.test.ts',
  'test/e2e/lake.test.ts',
  'packages/cli/test/console/page.test.ts',
  'test/e2e/cdk-cli.test.ts',
  'packages/lab/test/least-privilege/proof.test.ts',
  'packages/cli/test/commands/cost.test.ts',
  'packages/cli/test/commands/redrive-reconcile.test.ts',
  'packages/cli/test/commands/produce.test.ts',
  'test/properties/ingest-properties.test.ts',
  'test/e2e/restart.test.ts',
  'test/statemachines/ingest-bounds.test.ts',
  'packages/local-aws/test/athena/queries.test.ts',
  'test/e2e/poison.test.ts',
  'test/e2e/faults.test.ts',
  'packages/cli/test/commands/produce-bluesky.test.ts',
  'packages/local-aws/test/firehose/source.test.ts',
  'packages/local-aws/test/firehose/source-crash.test.ts',
  'packages/local-aws/test/checkup/repair.test.ts',
  'packages/local-aws/test/athena/service.test.ts',
  'packages/cli/test/recovery/redrive.test.ts',
];

/** Sorts files of tests: those of {@link longest}, then the others as jest does. */
export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    const placeOf = ({ path }: Tests[number]) => longest.findIndex((name) => path.endsWith(`/${name}`));
    const isLong = (test: Tests[number]) => placeOf(test) >= 0;
    const others = await super.sort(tests.filter((test) => !isLong(test)));
    return [...tests.filter(isLong).sort((a, b) => placeOf(a) - placeOf(b)), ...others];
  }
}
