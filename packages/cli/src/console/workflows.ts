import type { WorkflowName } from '@tweet-pipes/console/api';
import { listResources } from '../status/resources.ts';
import type { ConsoleContext } from './console-context.ts';
import { perContext } from './per-context.ts';

/** The state machines of the stacks. Read once: a deployment makes another context. Rejects with the SDK's error. */
export const findWorkflows: (context: ConsoleContext) => Promise<readonly WorkflowName[]> = perContext(readWorkflows);

async function readWorkflows({ clients, stacks }: ConsoleContext): Promise<WorkflowName[]> {
  const found = await Promise.all(stacks.map(({ name }) => listResources(clients, name)));
  return found.flat().flatMap(({ type, name: arn, logicalId, stack }) => {
    if (type !== 'AWS::StepFunctions::StateMachine') return [];
    return [{ arn, name: arn.split(':').at(-1) ?? arn, title: workflowTitle(logicalId), stack }];
  });
}

/** `IngestWorkflowStateMachine1A2B3C4D` → `Ingest` */
export function workflowTitle(logicalId: string): string {
  const name = logicalId.replace(/[0-9A-F]{8}$/, '').replace(/(StateMachine|Workflow)+$/, '');
  return name === '' ? logicalId : name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}
