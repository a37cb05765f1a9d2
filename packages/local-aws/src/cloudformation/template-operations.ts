import { z } from 'zod';
import type { Template } from '../assembly/template.ts';
import type { Operation } from '../gateway/local-service.ts';
import { neededCapabilities } from './capabilities.ts';
import { isHidden } from './describe.ts';
import { parseInput, templateSource, text } from './input.ts';
import type { OperationParts } from './operation-parts.ts';
import { templateText } from './template-source.ts';
import { type ParsedTemplate, parseTemplateText } from './template-text.ts';
import { validationError } from './validation-error.ts';

const inputs = {
  get: z.strictObject({
    StackName: text.optional(),
    ChangeSetName: text.optional(),
    TemplateStage: z.enum(['Original', 'Processed']).optional(),
  }),
  summary: z.strictObject({
    StackName: text.optional(),
    ...templateSource,
    TemplateSummaryConfig: z.strictObject({ TreatUnrecognizedResourceTypesAsWarnings: text.optional() }).optional(),
  }),
  validate: z.strictObject(templateSource),
};

/** The operations about templates: their text, and what they need. */
export function templateOperations(parts: OperationParts): Readonly<Record<string, Operation>> {
  const { stacks, changeSets, clients } = parts;
  return {
    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html: as it was given. */
    GetTemplate: async (input) => {
      const { StackName, ChangeSetName } = parseInput(inputs.get, input);
      const stack = StackName === undefined ? undefined : stacks.describable(StackName);
      const found = ChangeSetName === undefined ? stack : changeSets.existing(ChangeSetName, stack).input;
      if (found === undefined) throw validationError('Specify StackName or ChangeSetName.');
      return { TemplateBody: found.templateText, StagesAvailable: ['Original', 'Processed'] };
    },

    /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html */
    GetTemplateSummary: async (input) => {
      const { StackName, ...source } = parseInput(inputs.summary, input);
      const given = await templateText(source, clients);
      if ((given === undefined) === (StackName === undefined)) {
        throw validationError('Specify one of StackName, TemplateBody and TemplateURL.');
      }
      const template = parseTemplateText(given ?? stacks.describable(StackName ?? '').templateText);
      return {
        ...facts(template),
        Parameters: Object.entries(template.Parameters).map(([key, parameter]) => ({
          ...describeParameter(key, parameter),
          ParameterType: parameter.Type,
          ParameterConstraints: { AllowedValues: allowedValues(parameter) },
        })),
        ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))].sort(),
        Version: typeof template.AWSTemplateFormatVersion === 'string' ? template.AWSTemplateFormatVersion : undefined,
        Metadata: template.Metadata === undefined ? undefined : JSON.stringify(template.Metadata),
      };
    },

    /**
     * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html: the template's form,
     * not what the runtime can run.
     */
    ValidateTemplate: async (input) => {
      const given = await templateText(parseInput(inputs.validate, input), clients);
      if (given === undefined) throw validationError('Specify TemplateBody or TemplateURL.');
      const template = parseTemplateText(given);
      return {
        ...facts(template),
        Parameters: Object.entries(template.Parameters).map(([key, parameter]) => describeParameter(key, parameter)),
      };
    },
  };
}

function facts(template: ParsedTemplate): object {
  const { capability, reason } = neededCapabilities(template);
  return {
    Description: template.Description,
    Capabilities: capability === undefined ? [] : [capability],
    CapabilitiesReason: reason,
    DeclaredTransforms: [template.Transform ?? []].flat().map(String),
  };
}

type TemplateParameter = Template['Parameters'][string];

function describeParameter(key: string, parameter: TemplateParameter): object {
  return {
    ParameterKey: key,
    DefaultValue: parameter.Default === undefined ? undefined : String(parameter.Default),
    NoEcho: isHidden(parameter),
    Description: typeof parameter.Description === 'string' ? parameter.Description : undefined,
  };
}

function allowedValues({ AllowedValues: values }: TemplateParameter): string[] | undefined {
  return Array.isArray(values) ? values.map(String) : undefined;
}
