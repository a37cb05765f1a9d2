import { z } from 'zod';
import { type Template, templateSchema } from '../assembly/template.ts';
import { AwsError } from '../gateway/aws-error.ts';
import type { LocalService } from '../gateway/local-service.ts';
import type { Stack, StackEngine, StackResource } from './stack.ts';

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

const getTemplateInput = z.strictObject({
  StackName: z.string().min(1),
  TemplateStage: z.enum(['Original', 'Processed']).optional(),
});

const templateInput = z.looseObject({
  StackName: z.string().min(1).optional(),
  TemplateBody: z.string().min(1).optional(),
});

const REFUSED = [
  ...['CreateStack', 'UpdateStack', 'DeleteStack'],
  ...['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet'],
];

/**
 * CloudFormation as far as tools need it to find the names of things and to compare templates. What would create or
 * change a stack is refused with what to do in its place.
 */
export function createCloudFormationService(engine: Pick<StackEngine, 'find' | 'stacks'>): LocalService {
  const find = (wanted: string | undefined): readonly Stack[] => {
    if (wanted === undefined) return engine.stacks().filter(({ status }) => status !== 'DELETE_COMPLETE');
    const found = engine.find(wanted);
    if (found !== undefined) return [found];
    throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
  };
  const templateOf = (wanted: string | undefined): string => {
    const [stack] = find(wanted ?? '');
    return stack?.templateText ?? '';
  };
  return {
    signingName: 'cloudformation',
    operations: {
      ...Object.fromEntries(REFUSED.map((operation) => [operation, async () => Promise.reject(refusal(operation))])),

      /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
      GetTemplate: async (input) => {
        const { StackName } = parse(getTemplateInput, input);
        return { TemplateBody: templateOf(StackName), StagesAvailable: ['Original', 'Processed'] };
      },

      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html, of a stack or of
       * a template in JSON.
       */
      GetTemplateSummary: async (input) => {
        const { StackName, TemplateBody } = parse(templateInput, input);
        const text = TemplateBody ?? templateOf(StackName);
        const { Parameters, Resources, Description } = parseTemplate(text);
        return {
          Description,
          Parameters: parametersOf(Parameters),
          ResourceTypes: [...new Set(Object.values(Resources).map(({ Type }) => Type))].sort(),
        };
      },

      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html, of a template in
       * JSON: its form, not what the runtime can run.
       */
      ValidateTemplate: async (input) => {
        const { TemplateBody = '' } = parse(templateInput, input);
        const { Parameters, Description } = parseTemplate(TemplateBody);
        return { Description, Parameters: parametersOf(Parameters), Capabilities: [] };
      },

      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html: by name or id, or
       * all.
       */
      DescribeStacks: async (input) => {
        const { StackName } = parse(describeStacksInput, input);
        return { Stacks: find(StackName).map(describe) };
      },

      /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html */
      ListStacks: async (input) => {
        const { StackStatusFilter: statuses } = parse(listStacksInput, input);
        const listed = engine.stacks().filter(({ status }) => statuses?.includes(status) ?? true);
        return {
          StackSummaries: listed.map((stack) => ({
            StackId: stack.id,
            StackName: stack.name,
            TemplateDescription: stack.description,
            ...timesOf(stack),
            StackStatus: stack.status,
            StackStatusReason: stack.statusReason,
            DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
          })),
        };
      },

      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html: of a stack,
       * or of the stack that has the resource.
       */
      DescribeStackResources: async (input) => {
        const { StackName, LogicalResourceId, PhysicalResourceId } = parse(describeResourcesInput, input);
        if ((StackName === undefined) === (PhysicalResourceId === undefined)) {
          throw new AwsError('ValidationError', 'Specify StackName or PhysicalResourceId, and not both.');
        }
        const [stack] = find(StackName).filter(
          ({ resources }) => StackName !== undefined || resources.some(({ ref }) => ref === PhysicalResourceId),
        );
        if (stack === undefined) {
          throw new AwsError('ValidationError', `Stack for ${PhysicalResourceId} does not exist`);
        }
        const resources = stack.resources.filter(
          ({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId,
        );
        return {
          StackResources: resources.map((resource) => ({
            StackName: stack.name,
            StackId: stack.id,
            ...described(resource),
            Timestamp: new Date(resource.updatedAtMs),
          })),
        };
      },

      /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
      ListStackResources: async (input) => {
        const [stack] = find(parse(listResourcesInput, input).StackName);
        return {
          StackResourceSummaries: (stack?.resources ?? []).map((resource) => ({
            ...described(resource),
            LastUpdatedTimestamp: new Date(resource.updatedAtMs),
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

function refusal(operation: string): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `cloudformation ${operation} is not supported by the local endpoint: a runtime creates the stacks of its app when it starts. ` +
      'Change the app and start it again, here with npx tweet-pipes local. For AWS, unset AWS_ENDPOINT_URL first.',
  );
}

/** Throws ValidationError as CloudFormation does for a text that is no template. */
function parseTemplate(text: string): Template & { Description?: string } {
  let template: unknown;
  try {
    template = JSON.parse(text);
  } catch (cause) {
    throw new AwsError('ValidationError', 'Template format error: JSON not well-formed. YAML is not read here.', {
      cause,
    });
  }
  const parsed = templateSchema.safeParse(template);
  if (!parsed.success) {
    throw new AwsError('ValidationError', `Template format error: ${z.prettifyError(parsed.error)}`);
  }
  const { Description } = parsed.data;
  return { ...parsed.data, ...(typeof Description === 'string' && { Description }) };
}

function parametersOf(parameters: Template['Parameters']): object[] {
  return Object.entries(parameters).map(([ParameterKey, { Type, Default }]) => ({
    ParameterKey,
    ParameterType: Type,
    DefaultValue: Default === undefined ? undefined : String(Default),
    NoEcho: false,
  }));
}

function described({ logicalId, ref, type, status, statusReason }: StackResource): object {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: ref,
    ResourceType: type,
    ResourceStatus: status,
    ResourceStatusReason: statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function timesOf({ createdAtMs, updatedAtMs, deletedAtMs }: Stack): object {
  return {
    CreationTime: new Date(createdAtMs),
    ...(updatedAtMs !== undefined && { LastUpdatedTime: new Date(updatedAtMs) }),
    ...(deletedAtMs !== undefined && { DeletionTime: new Date(deletedAtMs) }),
  };
}

function describe(stack: Stack): object {
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
      ...{ ParameterKey, ParameterValue },
    })),
    ...timesOf(stack),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    EnableTerminationProtection: stack.terminationProtection,
    NotificationARNs: [],
    Capabilities: stack.capabilities,
    Outputs: stack.outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      Description: output.description,
      ExportName: output.exportName,
    })),
    Tags: Object.entries(stack.tags).map(([key, value]) => ({ Key: key, Value: value })),
  };
}
