import { paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { WorkflowName } from '@tweet-pipes/console/api';
import type { ConsoleContext } from './console-context.ts';
import { perContext } from './per-context.ts';

/** The state machines of the stacks. Read once: a deployment makes another context. Rejects with the SDK's error. */
export const findWorkflows: (context: ConsoleContext) => Promise<readonly WorkflowName[]> = perContext(readWorkflows);

async function readWorkflows({ clients, stacks }: ConsoleContext): Promise<WorkflowName[]> {
  const workflows: WorkflowName[] = [];
  for (const { name: stack } of stacks) {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client: clients.cloudformation },
      { StackName: stack },
    )) {
      for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId: arn = '' } of StackResourceSummaries) {
        if (ResourceType !== 'AWS::StepFunctions::StateMachine') continue;
        workflows.push({ arn, name: arn.split(':').at(-1) ?? arn, title: workflowTitle(LogicalResourceId), stack });
      }
    }
  }
  return workflows;
}

/** `IngestWorkflowStateMachine1A2B3C4D` → `Ingest` */
export function workflowTitle(logicalId: string): string {
  const name = logicalId.replace(/[0-9A-F]{8}$/, '').replace(/(StateMachine|Workflow)+$/, '');
  return name === '' ? logicalId : name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}
