import { systemClock } from '@tweet-pipes/kit/clock';
import { systemRandom } from '@tweet-pipes/kit/random';
import { createCloudFormationService } from './service.ts';

/** The table of CloudFormation's operations in docs/deploy-locally.md, in Markdown. */
export function operationTable(): string {
  const unused = (): never => {
    throw new Error('No operation runs.');
  };
  const { operations } = createCloudFormationService({
    ...{ clock: systemClock, random: systemRandom, engine: unused, clients: unused, log: unused },
    ...{ parameters: new Map(), types: new Map() },
  });
  const rows = Object.keys(operations)
    .sort()
    .map((name) => `| ${name} | yes |`);
  return ['| Operation | Here |', '| --- | --- |', ...rows, '| every other | `UnknownOperationException` |'].join('\n');
}

// Prints the table, for the document: node packages/local-aws/src/cloudformation/operation-table.ts
if (import.meta.main) console.log(operationTable());
