import { z } from 'zod';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService, RequestContext } from '../gateway/local-service.ts';

/** A stack that runs here, as its template and its resources say. */
export interface PublishedStack {
  name: string;
  /** When it was loaded. */
  createdAt: Date;
  description?: string;
  outputs: readonly PublishedOutput[];
  parameters?: readonly { key: string; value: string }[];
  tags?: Readonly<Record<string, string>>;
  /** Default: none. */
  resources?: readonly PublishedResource[];
}

/** A resource that exists here. */
export interface PublishedResource {
  logicalId: string;
  /** What `Ref` gives. */
  physicalId: string;
  /** `AWS::Kinesis::Stream` */
  type: string;
}

export interface PublishedOutput {
  key: string;
  value: string;
  description?: string;
  exportName?: string;
}

export interface CloudFormationService extends LocalService {
  /** Makes a stack visible to DescribeStacks; one of the same name is replaced. */
  publish(stack: PublishedStack): void;
}

const describeStacksInput = z.strictObject({
  StackName: z.string().min(1).optional(),
  NextToken: z.string().optional(),
});

const listStacksInput = z.strictObject({
  StackStatusFilter: z.array(z.string()).optional(),
  NextToken: z.string().optional(),
});

const describeResourcesInput = z.strictObject({
  StackName: z.string().min(1).optional(),
  LogicalResourceId: z.string().min(1).optional(),
  PhysicalResourceId: z.string().min(1).optional(),
});

const listResourcesInput = z.strictObject({ StackName: z.string().min(1), NextToken: z.string().optional() });

const STATUS = 'CREATE_COMPLETE';

/**
 * CloudFormation as far as tools need it to find the names of things: the stacks that the loader has published, and
 * their resources. Nothing can be created through it.
 */
export function createCloudFormationService(): CloudFormationService {
  const stacks = new Map<string, PublishedStack>();
  const id = (stack: PublishedStack, context: RequestContext): string =>
    `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${stack.name}/local`;
  const find = (wanted: string | undefined, context: RequestContext): PublishedStack[] => {
    const found = [...stacks.values()].filter(
      (stack) => wanted === undefined || wanted === stack.name || wanted === id(stack, context),
    );
    if (wanted === undefined || found.length > 0) return found;
    throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
  };
  return {
    signingName: 'cloudformation',
    publish: (stack) => void stacks.set(stack.name, stack),
    operations: {
      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html: by name or id, or
       * all.
       */
      DescribeStacks: async (input, context) => {
        const { StackName } = parse(describeStacksInput, input);
        return { Stacks: find(StackName, context).map((stack) => describe(stack, id(stack, context))) };
      },

      /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html */
      ListStacks: async (input, context) => {
        const { StackStatusFilter: statuses = [STATUS] } = parse(listStacksInput, input);
        const listed = statuses.includes(STATUS) ? find(undefined, context) : [];
        return {
          StackSummaries: listed.map((stack) => ({
            StackId: id(stack, context),
            StackName: stack.name,
            TemplateDescription: stack.description,
            CreationTime: stack.createdAt,
            StackStatus: STATUS,
            DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
          })),
        };
      },

      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html: of a stack,
       * or of the stack that has the resource.
       */
      DescribeStackResources: async (input, context) => {
        const { StackName, LogicalResourceId, PhysicalResourceId } = parse(describeResourcesInput, input);
        if ((StackName === undefined) === (PhysicalResourceId === undefined)) {
          throw new AwsError('ValidationError', 'Specify StackName or PhysicalResourceId, and not both.');
        }
        const [stack] = find(StackName, context).filter(
          ({ resources = [] }) =>
            StackName !== undefined || resources.some(({ physicalId }) => physicalId === PhysicalResourceId),
        );
        if (stack === undefined) {
          throw new AwsError('ValidationError', `Stack for ${PhysicalResourceId} does not exist`);
        }
        const resources = (stack.resources ?? []).filter(
          ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
        );
        return {
          StackResources: resources.map((resource) => ({
            StackName: stack.name,
            StackId: id(stack, context),
            ...described(resource),
            Timestamp: stack.createdAt,
          })),
        };
      },

      /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
      ListStackResources: async (input, context) => {
        const [stack] = find(parse(listResourcesInput, input).StackName, context);
        return {
          StackResourceSummaries: (stack?.resources ?? []).map((resource) => ({
            ...described(resource),
            LastUpdatedTimestamp: stack?.createdAt,
          })),
        };
      },
    },
  };
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new AwsError('ValidationError', z.prettifyError(parsed.error));
  return parsed.data;
}

function described({ logicalId, physicalId, type }: PublishedResource): object {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: STATUS,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function describe(stack: PublishedStack, id: string): object {
  return {
    StackId: id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: (stack.parameters ?? []).map(({ key, value }) => ({ ParameterKey: key, ParameterValue: value })),
    CreationTime: stack.createdAt,
    StackStatus: STATUS,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: [],
    Outputs: stack.outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      Description: output.description,
      ExportName: output.exportName,
    })),
    Tags: Object.entries(stack.tags ?? {}).map(([key, value]) => ({ Key: key, Value: value })),
  };
}
