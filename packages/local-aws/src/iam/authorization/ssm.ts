import { type Asked, anything, arnOf, type ResourceOf, type Rows, sameAction, textOf } from './asked.ts';

const parameterArn = (asked: Asked, name: unknown): string =>
  arnOf(
    asked,
    'ssm',
    `parameter/${textOf(name)
      .replace(/^\//, '')
      .replace(/:[^:]*$/, '')}`,
  );
const onParameter: ResourceOf = (asked) => parameterArn(asked, asked.input.Name);
const onParameters: ResourceOf = (asked) => [asked.input.Names].flat().map((name) => parameterArn(asked, name));
const onPath: ResourceOf = (asked) => parameterArn(asked, textOf(asked.input.Path).replace(/\/$/, ''));
const onTagged: ResourceOf = (asked) => parameterArn(asked, asked.input.ResourceId);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssm: Rows = {
  ...sameAction('ssm', onParameter, ['DeleteParameter', 'GetParameter', 'GetParameterHistory', 'PutParameter']),
  ...sameAction('ssm', onParameters, ['DeleteParameters', 'GetParameters']),
  ...sameAction('ssm', onPath, ['GetParametersByPath']),
  ...sameAction('ssm', onTagged, ['AddTagsToResource', 'ListTagsForResource', 'RemoveTagsFromResource']),
  ...sameAction('ssm', anything, ['DescribeParameters']),
};
