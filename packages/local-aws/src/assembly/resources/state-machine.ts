import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { unlessError } from '@tweet-pipes/kit/thrown';
import { z } from 'zod';
import { standInNotice } from '../../comprehend/notice.ts';
import { findViolations } from '../../states/definition/parse-definition.ts';
import { type ResourceIdentity, resourceType } from '../resource-type.ts';
import { cfnBoolean, cfnString, onlyHere } from '../values.ts';

const SUBSTITUTION = /\$\{([A-Za-z0-9_]+)\}/g;

const schema = z.strictObject({
  StateMachineName: z.string().optional(),
  StateMachineType: onlyHere('EXPRESS'),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.json()).optional(),
  DefinitionSubstitutions: z.record(z.string(), cfnString).optional(),
  RoleArn: z.string(),
  LoggingConfiguration: z
    .strictObject({
      Level: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).optional(),
      IncludeExecutionData: cfnBoolean.optional(),
      Destinations: z
        .array(z.strictObject({ CloudWatchLogsLogGroup: z.strictObject({ LogGroupArn: z.string() }) }))
        .optional(),
    })
    .optional(),
  TracingConfiguration: z.strictObject({ Enabled: cfnBoolean.optional() }).optional(),
});

/** A definition is checked once: that takes some milliseconds. */
const checkedSchema = schema.check(({ value, issues }) => {
  if ((value.DefinitionString === undefined) === (value.Definition === undefined)) {
    issues.push({
      code: 'custom',
      input: value,
      message: 'expected exactly one of DefinitionString and Definition',
    });
  }
  const unknown = [...definitionText(value).matchAll(SUBSTITUTION)]
    .map(([, name = '']) => name)
    .filter((name) => !Object.hasOwn(value.DefinitionSubstitutions ?? {}, name));
  for (const name of new Set(unknown)) {
    issues.push({
      code: 'custom',
      input: value,
      path: ['DefinitionSubstitutions', name],
      message: `the definition refers to \${${name}}, which has no value. Add it to DefinitionSubstitutions`,
      params: { unresolved: true },
    });
  }
  if (issues.length > 0) return;
  // What AWS refuses too is refused when the machine is created, as on AWS.
  const refused = findViolations(definitionOf(value), value.StateMachineType).filter((each) => each.isOnlyHere);
  const path = [value.DefinitionString === undefined ? 'Definition' : 'DefinitionString'];
  for (const { message, location = '/' } of refused) {
    issues.push({ code: 'custom', input: value, path, message: `${message}, at ${location}` });
  }
});

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
 */
export const stateMachine = resourceType({
  type: 'AWS::StepFunctions::StateMachine',
  nameProperty: 'StateMachineName',
  nameMaxLength: 80,
  attributes: ['Arn', 'Name'],
  schema,
  checkedSchema,
  inert: {
    Tags: 'tags change no behaviour',
  },
  standIns(properties): Readonly<Record<string, string>> {
    return JSON.stringify(properties).includes(':aws-sdk:comprehend:') ? { Comprehend: standInNotice } : {};
  },
  createOnly: ['StateMachineType'],
  async exists(identity, _properties, { clients }) {
    const command = new DescribeStateMachineCommand({ stateMachineArn: arnOf(identity) });
    return (await unlessError(clients.sfn.send(command), 'StateMachineDoesNotExist')) !== undefined;
  },
  async create(identity, properties, { clients }) {
    const { physicalName: name } = identity;
    const { StateMachineType: type } = properties;
    const stateMachineArn = arnOf(identity);
    const command = new CreateStateMachineCommand({ ...changeable(properties), name, type });
    if ((await unlessError(clients.sfn.send(command), 'StateMachineAlreadyExists')) === undefined) {
      await clients.sfn.send(new UpdateStateMachineCommand({ ...changeable(properties), stateMachineArn }));
    }
    return { ref: stateMachineArn, attributes: { Arn: stateMachineArn, Name: name } };
  },
  async delete({ ref: stateMachineArn }, { clients }) {
    await clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  },
});

function arnOf({ physicalName, environment: { region, accountId } }: ResourceIdentity): string {
  return `arn:aws:states:${region}:${accountId}:stateMachine:${physicalName}`;
}

/** What AWS changes in place, all of it. */
function changeable(properties: z.infer<typeof schema>) {
  const { RoleArn: roleArn } = properties;
  const { LoggingConfiguration: logging, TracingConfiguration: tracing } = properties;
  return {
    definition: definitionOf(properties),
    roleArn,
    loggingConfiguration: {
      level: logging?.Level ?? 'OFF',
      includeExecutionData: logging?.IncludeExecutionData ?? false,
      ...(logging?.Destinations && {
        destinations: logging.Destinations.map(({ CloudWatchLogsLogGroup: { LogGroupArn } }) => ({
          cloudWatchLogsLogGroup: { logGroupArn: LogGroupArn },
        })),
      }),
    },
    // There is no X-Ray locally. Traces are counted as AWS would bill them.
    tracingConfiguration: { enabled: tracing?.Enabled ?? false },
  };
}

interface DefinitionProperties {
  readonly DefinitionString?: string | undefined;
  readonly Definition?: unknown;
  readonly DefinitionSubstitutions?: Readonly<Record<string, string>> | undefined;
}

function definitionOf(properties: DefinitionProperties): string {
  const { DefinitionSubstitutions: substitutions = {} } = properties;
  return definitionText(properties).replace(SUBSTITUTION, (_, name: string) => substitutions[name] ?? '');
}

function definitionText(properties: DefinitionProperties): string {
  return properties.DefinitionString ?? JSON.stringify(properties.Definition ?? {});
}
