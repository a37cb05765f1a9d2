import { z } from 'zod';
import { type Template, templateSchema } from '../assembly/template.ts';
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
  /** As it was synthesized, in JSON. Default: GetTemplate does not find it. */
  template?: string;
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

const getTemplateInput = z.strictObject({
  StackName: z.string().min(1),
  TemplateStage: z.enum(['Original', 'Processed']).optional(),
});

const templateInput = z.looseObject({
  StackName: z.string().min(1).optional(),
  TemplateBody: z.string().min(1).optional(),
});

const STATUS = 'CREATE_COMPLETE';
const REFUSED = [
  ...['CreateStack', 'UpdateStack', 'DeleteStack'],
  ...['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet'],
];

/**
 * CloudFormation as far as tools need it to find the names of things and to compare templates: the stacks that the
 * loader has published. What would create or change a stack is refused with what to do in its place.
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
  const templateOf = (wanted: string | undefined, context: RequestContext): string => {
    const [stack] = find(wanted ?? '', context);
    if (stack?.template !== undefined) return stack.template;
    throw new AwsError('ValidationError', `The template of stack ${wanted} is not known here.`);
  };
  return {
    signingName: 'cloudformation',
    publish: (stack) => void stacks.set(stack.name, stack),
    operations: {
      ...Object.fromEntries(REFUSED.map((operation) => [operation, async () => Promise.reject(refusal(operation))])),

      /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
      GetTemplate: async (input, context) => {
        const { StackName } = parse(getTemplateInput, input);
        return { TemplateBody: templateOf(StackName, context), StagesAvailable: ['Original', 'Processed'] };
      },

      /**
       * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html, of a stack or of
       * a template in JSON.
       */
      GetTemplateSummary: async (input, context) => {
        const { StackName, TemplateBody } = parse(templateInput, input);
        const text = TemplateBody ?? templateOf(StackName, context);
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
