import type { Json } from '@tweet-pipes/kit/json';
import type { Scope } from './evaluate.ts';
import type { Environment } from './resource-type.ts';
import type { Template } from './template.ts';

/** Values that are not in the template. */
export interface GivenValues {
  /** Of template parameters. Default: their own defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The value of a parameter of Systems Manager by its name. Default: there is none. */
  parameterStore?(name: string): string | undefined;
}

/**
 * The scope without resources and imports: pseudo parameters, parameters and mappings. Conditions need no more.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export function baseScope(
  template: Template,
  environment: Environment,
  { parameters = {}, parameterStore }: GivenValues,
  report: Scope['problem'],
): Scope {
  const { stackName, stackId, region, accountId, partition, urlSuffix } = environment;
  const pseudo = new Map<string, Json>([
    ['AWS::AccountId', accountId],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', partition],
    ['AWS::Region', region],
    ['AWS::StackId', stackId ?? `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/local`],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', urlSuffix],
  ]);

  const parameter = (name: string): Json | undefined => {
    const declared = Object.hasOwn(template.Parameters, name) ? template.Parameters[name] : undefined;
    if (declared === undefined) return undefined;
    const given = (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? declared.Default;
    if (given === undefined) {
      report('ParameterWithoutValue', `Parameters.${name}`, 'it has no default, and no value was given.');
      return '';
    }
    const value = isStored(declared.Type) ? parameterStore?.(String(given)) : given;
    if (value === undefined) {
      report(
        'UnresolvedReference',
        `Parameters.${name}`,
        `Unable to fetch parameters [${given}] from parameter store for this account.`,
      );
      return '';
    }
    const isList = /^(AWS::SSM::Parameter::Value<)?(CommaDelimitedList|List<)/.test(declared.Type);
    return isList
      ? String(value)
          .split(',')
          .map((element) => element.trim())
      : String(value);
  };

  const scope: Scope = {
    parameter: (name) => pseudo.get(name) ?? parameter(name),
    resource: () => undefined,
    imported: () => undefined,
    mapping: (map, key, second) => own(own(own(template.Mappings, map), key), second),
    condition: () => undefined,
    absence(logicalId) {
      const declared = own(template.Resources, logicalId);
      if (declared === undefined) return 'undeclared';
      const isLeftOut = declared.Condition !== undefined && !scope.condition(declared.Condition);
      return isLeftOut ? 'left out' : 'without attribute';
    },
    problem: report,
  };
  return scope;
}

/**
 * Whether a template parameter holds the name of a parameter of Systems Manager in place of its value.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
export function isStored(parameterType: string): boolean {
  return parameterType.startsWith('AWS::SSM::Parameter::Value<');
}

function own<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
