import { type Asked, anything, arnOf, type ResourceOf, type Rows, sameAction, textOf } from './asked.ts';

/** Requests name a stack by its name or ARN. Policies name it `stack/<name>/*`. */
const onStack: ResourceOf = (asked: Asked) => {
  const name = textOf(asked.input.StackName);
  return name.startsWith('arn:') ? name : arnOf(asked, 'cloudformation', `stack/${name}/*`);
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html */
export const cloudformation: Rows = {
  ...sameAction('cloudformation', onStack, [
    ...['CancelUpdateStack', 'ContinueUpdateRollback', 'CreateChangeSet', 'CreateStack', 'DeleteChangeSet'],
    ...['DeleteStack', 'DescribeChangeSet', 'DescribeChangeSetHooks', 'DescribeStackEvents', 'DescribeStackResource'],
    ...['DescribeStackResources', 'ExecuteChangeSet', 'GetStackPolicy', 'GetTemplate', 'ListChangeSets'],
    ...['ListStackResources', 'RollbackStack', 'SetStackPolicy', 'UpdateStack', 'UpdateTerminationProtection'],
  ]),
  ...sameAction('cloudformation', (asked) => (asked.input.StackName === undefined ? '*' : onStack(asked)), [
    ...['DescribeEvents', 'DescribeStacks', 'GetTemplateSummary'],
  ]),
  ...sameAction('cloudformation', anything, [
    ...['DescribeType', 'ListExports', 'ListHookResults', 'ListImports', 'ListStacks', 'ValidateTemplate'],
  ]),
};
