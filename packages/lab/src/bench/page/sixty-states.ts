import { StartSyncExecutionCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import type { BenchStack } from '../stack.ts';

/** States of the machine, those inside of its Maps included. */
export const STATES = 60;

/** Ten times a choice, its two ways, and a Map of two states in which they meet. */
export function sixtyStates(): object {
  const groups = Array.from({ length: STATES / 6 }, (_, n) => n);
  const states = groups.flatMap((n) => {
    const after = n + 1 < groups.length ? { Next: `Choose${n + 1}` } : { End: true };
    const processor = {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: `Read${n}`,
      States: { [`Read${n}`]: { Type: 'Pass', Next: `Write${n}` }, [`Write${n}`]: { Type: 'Pass', End: true } },
    };
    return [
      [
        `Choose${n}`,
        { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: `Left${n}` }], Default: `Right${n}` },
      ],
      [`Left${n}`, { Type: 'Pass', Next: `Each${n}` }],
      [`Right${n}`, { Type: 'Pass', Next: `Each${n}` }],
      [`Each${n}`, { Type: 'Map', Items: [1, 2, 3], ItemProcessor: processor, ...after }],
    ];
  });
  return { QueryLanguage: 'JSONata', StartAt: 'Choose0', States: Object.fromEntries(states) };
}

/**
 * Gives the stack's workflow the definition of this machine, since the page shows workflows of stacks only, and runs it
 * once. Resolves with the execution's ARN.
 */
export async function runSixtyStates({ clients: { sfn }, outputs }: BenchStack): Promise<string> {
  const stateMachineArn = outputs.WorkflowArn;
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(sixtyStates()) }));
  const { executionArn, status, cause } = await sfn.send(new StartSyncExecutionCommand({ stateMachineArn }));
  if (executionArn === undefined || status !== 'SUCCEEDED') throw new Error(`The machine ended ${status}: ${cause}`);
  return executionArn;
}
