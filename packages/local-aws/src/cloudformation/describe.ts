import { isStored } from '../assembly/base-scope.ts';
import type { Template } from '../assembly/template.ts';
import type { ChangeSet } from './change-sets.ts';
import type { ResourceChange, Stack, StackEvent, StackResource } from './stack.ts';
import { problemPath } from './template-refusal.ts';
import { parseTemplateText } from './template-text.ts';

const NOT_CHECKED = { StackDriftStatus: 'NOT_CHECKED' };
const HIDDEN = '****';

/** A stack as in https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html */
export function describeStack(stack: Stack, storedValue: (name: string) => string | undefined): object {
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: stack.status === 'REVIEW_IN_PROGRESS' ? [] : shownParameters(stack, storedValue),
    ...times(stack),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    RollbackConfiguration: {},
    NotificationARNs: [],
    Capabilities: stack.capabilities,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: shownTags(stack.tags),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: NOT_CHECKED,
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSummary.html */
export function summarizeStack(stack: Stack): object {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.description,
    ...times(stack),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: NOT_CHECKED,
  };
}

/** What descriptions and summaries of a resource have in common. */
export function describeResource(resource: StackResource): object {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.ref,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html */
export function describeEvent(event: StackEvent, stack: Stack): object {
  return {
    StackId: stack.id,
    EventId: event.eventId,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.atMs),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ClientRequestToken: event.clientRequestToken,
  };
}

/**
 * Why the endpoint cannot run a change set, an event for each problem.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_OperationEvent.html
 */
export function describeProblems({ problems, id, stackId, createdAtMs, input }: ChangeSet): object[] {
  const { Resources } = parseTemplateText(input.templateText);
  return problems.map((problem, index) => {
    const [first = ''] = problem.at.split('.');
    const logicalId = Object.hasOwn(Resources, first) ? first : undefined;
    return {
      EventId: `${id}/${index}`,
      StackId: stackId,
      OperationId: id,
      OperationType: 'CREATE_CHANGESET',
      OperationStatus: 'FAILED',
      EventType: 'VALIDATION_ERROR',
      LogicalResourceId: logicalId,
      ResourceType: logicalId === undefined ? undefined : Resources[logicalId]?.Type,
      Timestamp: new Date(createdAtMs),
      ValidationFailureMode: 'FAIL',
      ValidationName: problem.kind,
      ValidationStatus: 'FAILED',
      ValidationStatusReason: problem.message,
      ValidationPath: problemPath(problem, logicalId),
    };
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ChangeSetSummary.html */
export function summarizeChangeSet(changeSet: ChangeSet): object {
  return {
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    CreationTime: new Date(changeSet.createdAtMs),
    Description: changeSet.description,
    IncludeNestedStacks: false,
  };
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html, without its changes.
 */
export function describeChangeSet(changeSet: ChangeSet, storedValue: (name: string) => string | undefined): object {
  const { input } = changeSet;
  return {
    ...summarizeChangeSet(changeSet),
    Parameters: shownParameters({ templateText: input.templateText, parameters: input.parameters ?? {} }, storedValue),
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: input.capabilities ?? [],
    Tags: shownTags(input.tags ?? {}),
    OnStackFailure: changeSet.onFailure,
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Change.html */
export function describeChange(change: ResourceChange): object {
  const details = change.properties.map(({ name, recreates }) => ({
    Target: { Attribute: 'Properties', Name: name, RequiresRecreation: recreates },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
  }));
  const tags = {
    Target: { Attribute: 'Tags', RequiresRecreation: 'Never' },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
  };
  const isModified = change.action === 'Modify';
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.policyAction,
      Action: change.action,
      LogicalResourceId: change.logicalId,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: change.replacement,
      Scope: isModified ? [...(details.length > 0 ? ['Properties'] : []), ...(change.changesTags ? ['Tags'] : [])] : [],
      Details: isModified ? [...details, ...(change.changesTags ? [tags] : [])] : [],
    },
  };
}

function times(stack: Stack): object {
  return {
    CreationTime: new Date(stack.createdAtMs),
    LastUpdatedTime: stack.updatedAtMs === undefined ? undefined : new Date(stack.updatedAtMs),
    DeletionTime: stack.deletedAtMs === undefined ? undefined : new Date(stack.deletedAtMs),
  };
}

function shownTags(tags: Readonly<Record<string, string>>): object[] {
  return Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }));
}

/** Every parameter of the template, also one that has its default. */
function shownParameters(
  { templateText, parameters }: Pick<Stack, 'templateText' | 'parameters'>,
  storedValue: (name: string) => string | undefined,
): object[] {
  return Object.entries(parseTemplateText(templateText).Parameters).map(([key, declared]) => {
    const value = String(parameters[key] ?? declared.Default ?? '');
    return {
      ParameterKey: key,
      ParameterValue: isHidden(declared) ? HIDDEN : value,
      ResolvedValue: isStored(declared.Type) ? storedValue(value) : undefined,
    };
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export function isHidden({ NoEcho }: Template['Parameters'][string]): boolean {
  return NoEcho === true || NoEcho === 'true';
}
