import { anything, type Rows, sameAction } from './asked.ts';

/**
 * The actions are CloudFormation's.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudcontrolapi.html
 */
export const cloudcontrol: Rows = sameAction('cloudformation', anything, [
  ...['CancelResourceRequest', 'CreateResource', 'DeleteResource', 'GetResource', 'GetResourceRequestStatus'],
  ...['ListResourceRequests', 'ListResources', 'UpdateResource'],
]);
