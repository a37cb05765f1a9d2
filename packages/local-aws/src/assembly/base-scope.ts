import type { Json } from '@tweet-pipes/kit/json';
import type { Scope } from './evaluate.ts';
import type { Environment } from './resource-type.ts';
import type { Template } from './template.ts';

/**
 * The scope without resources and imports: pseudo parameters, parameters and mappings. Conditions need no more.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export function baseScope(
  template: Template,
  environment: Environment,
  parameters: Readonly<Record<string, string>>,
  report: Scope['problem'],
): Scope {
  const { stackName, region, accountId, partition, urlSuffix } = environment;
  const pseudo = new Map<string, Json>([
    ['AWS::AccountId', accountId],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', partition],
    ['AWS::Region', region],
    ['AWS::StackId', `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/local`],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', urlSuffix],
  ]);

  const parameter = (name: string): Json | undefined => {
    const declared = Object.hasOwn(template.Parameters, name) ? template.Parameters[name] : undefined;
    if (declared === undefined) return undefined;
    if (declared.Type.startsWith('AWS::SSM::')) {
      report(
        'UnsupportedFunction',
        `Parameters.${name}`,
        'its value is in the SSM parameter store, which the local runtime does not have.',
      );
      return '';
    }
    const value = (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? declared.Default;
    if (value === undefined) {
      report('ParameterWithoutValue', `Parameters.${name}`, 'it has no default, and no value was given.');
      return '';
    }
    const isList = declared.Type === 'CommaDelimitedList' || declared.Type.startsWith('List<');
    return isList
      ? String(value)
          .split(',')
          .map((element) => element.trim())
      : String(value);
  };

  return {
    parameter: (name) => pseudo.get(name) ?? parameter(name),
    resource: () => undefined,
    imported: () => undefined,
    mapping: (map, key, second) => own(own(own(template.Mappings, map), key), second),
    condition: () => undefined,
    problem: report,
  };
}

function own<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
