import { type Asked, anything, arnOf, oneAction, type Rows, sameAction, textOf } from './asked.ts';

/** Requests name a function by its name, `name:version`, `account:function:name` or its ARN. */
function functionArn(asked: Asked, called: string, qualifier: unknown): string {
  const [, name = called, version] = /^(?:.*:?function:)?([\w-]+)(?::([\w$-]+))?$/.exec(called) ?? [];
  const suffix = typeof qualifier === 'string' ? qualifier : version;
  return arnOf(asked, 'lambda', `function:${name}${suffix === undefined ? '' : `:${suffix}`}`);
}

const onFunction = (asked: Asked): string =>
  functionArn(asked, textOf(asked.input.FunctionName), asked.input.Qualifier);
const onResource = ({ input }: Asked): string => textOf(input.Resource);
const onMapping = (asked: Asked): string => arnOf(asked, 'lambda', `event-source-mapping:${textOf(asked.input.UUID)}`);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambda: Rows = {
  ...sameAction('lambda', onFunction, [
    ...['AddPermission', 'CreateAlias', 'CreateFunction', 'CreateFunctionUrlConfig', 'DeleteAlias', 'DeleteFunction'],
    ...['DeleteFunctionConcurrency', 'DeleteFunctionEventInvokeConfig', 'GetAlias', 'GetFunction'],
    ...['GetFunctionConcurrency', 'GetFunctionConfiguration', 'GetFunctionEventInvokeConfig', 'GetPolicy'],
    ...['ListAliases', 'ListVersionsByFunction', 'PublishVersion', 'PutFunctionConcurrency'],
    ...['PutFunctionEventInvokeConfig', 'RemovePermission', 'UpdateAlias', 'UpdateFunctionCode'],
    ...['UpdateFunctionConfiguration', 'UpdateFunctionEventInvokeConfig'],
  ]),
  ...sameAction('lambda', onResource, ['ListTags', 'TagResource', 'UntagResource']),
  ...sameAction('lambda', onMapping, ['DeleteEventSourceMapping', 'GetEventSourceMapping', 'UpdateEventSourceMapping']),
  ...sameAction('lambda', anything, [
    ...['CreateEventSourceMapping', 'GetAccountSettings', 'ListEventSourceMappings', 'ListFunctions'],
  ]),
  Invoke: oneAction('lambda:InvokeFunction', onFunction),
};
