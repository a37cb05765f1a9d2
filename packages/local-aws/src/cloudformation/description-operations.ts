import { z } from 'zod';
import type { Operation } from '../gateway/local-service.ts';
import { describeEvent, describeProblems, describeResource, describeStack, summarizeStack } from './describe.ts';
import { flag, list, pageOf, parseInput, text } from './input.ts';
import type { OperationParts } from './operation-parts.ts';
import type { Stack, StackEvent } from './stack.ts';
import { validationError } from './validation-error.ts';

const token = { NextToken: text.optional() };
const inputs = {
  stacks: z.strictObject({ StackName: text.optional(), ...token }),
  listStacks: z.strictObject({ StackStatusFilter: list(text).optional(), ...token }),
  stack: z.strictObject({ StackName: text, ...token }),
  resources: z.strictObject({
    StackName: text.optional(),
    LogicalResourceId: text.optional(),
    PhysicalResourceId: text.optional(),
  }),
  resource: z.strictObject({ StackName: text, LogicalResourceId: text }),
  exports: z.strictObject(token),
  imports: z.strictObject({ ExportName: text, ...token }),
  events: z.strictObject({
    StackName: text.optional(),
    ChangeSetName: text.optional(),
    OperationId: text.optional(),
    Filters: z.strictObject({ FailedEvents: flag.optional() }).optional(),
    ...token,
  }),
  hooks: z.looseObject({ TargetType: text.optional(), TargetId: text.optional() }),
};

const EVENTS_PER_PAGE = 100;

/** The operations that describe stacks, their resources and what happened to them. */
export function descriptionOperations(parts: OperationParts): Readonly<Record<string, Operation>> {
  const { stacks, changeSets } = parts;
  const stored = (name: string) => parts.parameters.get(name)?.value;
  return {
    /**
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html: by name or id, or all.
     */
    DescribeStacks: async (input) => {
      const { StackName, NextToken: from } = parseInput(inputs.stacks, input);
      const found = StackName === undefined ? stacks.all() : [stacks.describable(StackName)];
      const { items, NextToken } = pageOf(found, from);
      return { Stacks: items.map((stack) => describeStack(stack, stored)), NextToken };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html */
    ListStacks: async (input) => {
      const { StackStatusFilter: statuses, NextToken: from } = parseInput(inputs.listStacks, input);
      const found = stacks
        .all({ isDeletedToo: true })
        .filter(({ status }) => statuses === undefined || statuses.length === 0 || statuses.includes(status));
      const { items, NextToken } = pageOf(found, from);
      return { StackSummaries: items.map(summarizeStack), NextToken };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html */
    DescribeStackEvents: async (input) => {
      const { StackName, NextToken: from } = parseInput(inputs.stack, input);
      const stack = stacks.existing(StackName);
      const { items, NextToken } = eventPage(stacks.events(stack), from);
      return { StackEvents: items.map((event) => describeEvent(event, stack)), NextToken };
    },

    /**
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html: of a stack; of a
     * change set, why it failed.
     */
    DescribeEvents: async (input) => {
      const { StackName, ChangeSetName, Filters, NextToken: from } = parseInput(inputs.events, input);
      if (ChangeSetName !== undefined) {
        const stack = StackName === undefined ? undefined : stacks.existing(StackName);
        return { OperationEvents: describeProblems(changeSets.existing(ChangeSetName, stack)) };
      }
      if (StackName === undefined) throw validationError('Specify StackName or ChangeSetName.');
      const stack = stacks.existing(StackName);
      const all = stacks.events(stack).filter(({ status }) => !Filters?.FailedEvents || status.endsWith('_FAILED'));
      const { items, NextToken } = eventPage(all, from);
      const described = items.map((event) => ({ ...describeEvent(event, stack), EventType: 'STACK_EVENT' }));
      return { OperationEvents: described, NextToken };
    },

    /**
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html: of a stack, or
     * of the stack that has the resource.
     */
    DescribeStackResources: async (input) => {
      const { StackName, LogicalResourceId: logicalId, PhysicalResourceId } = parseInput(inputs.resources, input);
      if ((StackName === undefined) === (PhysicalResourceId === undefined)) {
        throw validationError('Specify StackName or PhysicalResourceId, and not both.');
      }
      const stack =
        StackName === undefined
          ? stacks.all().find(({ resources }) => resources.some(({ ref }) => ref === PhysicalResourceId))
          : stacks.describable(StackName);
      if (stack === undefined) {
        throw validationError(`Stack for ${PhysicalResourceId} does not exist`);
      }
      return {
        StackResources: stack.resources
          .filter((resource) => logicalId === undefined || resource.logicalId === logicalId)
          .map((resource) => ({
            StackName: stack.name,
            StackId: stack.id,
            ...describeResource(resource),
            Timestamp: new Date(resource.updatedAtMs),
          })),
      };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html */
    DescribeStackResource: async (input) => {
      const { StackName, LogicalResourceId } = parseInput(inputs.resource, input);
      const stack = stacks.describable(StackName);
      const resource = stack.resources.find(({ logicalId }) => logicalId === LogicalResourceId);
      if (resource === undefined) {
        throw validationError(`Resource ${LogicalResourceId} does not exist for stack ${StackName}`);
      }
      return {
        StackResourceDetail: {
          StackName: stack.name,
          StackId: stack.id,
          ...describeResource(resource),
          LastUpdatedTimestamp: new Date(resource.updatedAtMs),
        },
      };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
    ListStackResources: async (input) => {
      const { StackName, NextToken: from } = parseInput(inputs.stack, input);
      const { items, NextToken } = pageOf(stacks.describable(StackName).resources, from);
      const summaries = items.map((resource) => ({
        ...describeResource(resource),
        LastUpdatedTimestamp: new Date(resource.updatedAtMs),
      }));
      return { StackResourceSummaries: summaries, NextToken };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListExports.html */
    ListExports: async (input) => {
      const all = stacks.all().flatMap(exportsOf);
      const { items, NextToken } = pageOf(all, parseInput(inputs.exports, input).NextToken);
      return { Exports: items, NextToken };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListImports.html */
    ListImports: async (input) => {
      const { ExportName, NextToken: from } = parseInput(inputs.imports, input);
      const importers = stacks.all().filter(({ imports }) => imports.includes(ExportName));
      if (importers.length === 0) {
        throw validationError(`Export '${ExportName}' is not imported by any stack.`);
      }
      const { items, NextToken } = pageOf(importers, from);
      return { Imports: items.map(({ name }) => name), NextToken };
    },

    /**
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListHookResults.html: there are no hooks.
     */
    ListHookResults: async (input) => {
      const { TargetType, TargetId } = parseInput(inputs.hooks, input);
      return { TargetType, TargetId, HookResults: [] };
    },
  };
}

/** A page begins after the event that the token names, so that new events do not move it. */
function eventPage(events: readonly StackEvent[], from: string | undefined) {
  const start = from === undefined ? 0 : events.findIndex(({ eventId }) => eventId === from) + 1;
  if (from !== undefined && start === 0) throw validationError('NextToken is not valid.');
  const items = events.slice(start, start + EVENTS_PER_PAGE);
  const isLast = start + EVENTS_PER_PAGE >= events.length;
  const last = items.at(-1);
  return { items, ...(!isLast && last !== undefined && { NextToken: last.eventId }) };
}

function exportsOf({ id, outputs }: Stack): object[] {
  return outputs.flatMap(({ exportName, value }) =>
    exportName === undefined ? [] : { ExportingStackId: id, Name: exportName, Value: value },
  );
}
