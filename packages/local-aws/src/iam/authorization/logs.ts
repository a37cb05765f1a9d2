import { groupNameOf } from '../../logs/group-name.ts';
import { type Asked, anything, arnOf, type ResourceOf, type Rows, sameAction, textOf } from './asked.ts';

const groupArn = (asked: Asked, name: string): string => arnOf(asked, 'logs', `log-group:${name}`);

/**
 * An action on a group. Policies name it `log-group:<name>` or, as most of them do, `log-group:<name>:*`; AWS asks in
 * the second form. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
const onGroup: ResourceOf = (asked) => {
  const { logGroupName, logGroupIdentifier } = asked.input;
  return `${groupArn(asked, groupNameOf(textOf(logGroupName ?? logGroupIdentifier)))}:log-stream:`;
};

const onStream: ResourceOf = (asked) => {
  const { logGroupName, logGroupIdentifier, logStreamName } = asked.input;
  const group = groupArn(asked, groupNameOf(textOf(logGroupName ?? logGroupIdentifier)));
  return `${group}:log-stream:${textOf(logStreamName)}`;
};

const onGroups: ResourceOf = (asked) => {
  const { logGroupName, logGroupNames, logGroupIdentifiers } = asked.input;
  const named = [logGroupName, logGroupNames, logGroupIdentifiers].flat().filter((name) => typeof name === 'string');
  return named.map((name) => `${groupArn(asked, groupNameOf(textOf(name)))}:log-stream:`);
};

const onFilteredGroup: ResourceOf = (asked) =>
  asked.input.logGroupName === undefined ? groupArn(asked, '*') : onGroup(asked);

const onResourceArn: ResourceOf = ({ input }) => textOf(input.resourceArn);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export const logs: Rows = {
  ...sameAction('logs', onGroup, [
    ...['CreateLogGroup', 'CreateLogStream', 'DeleteLogGroup', 'DeleteMetricFilter', 'DeleteRetentionPolicy'],
    ...['DeleteSubscriptionFilter', 'DescribeLogStreams', 'DescribeSubscriptionFilters', 'FilterLogEvents'],
    ...['GetLogGroupFields', 'PutMetricFilter', 'PutRetentionPolicy', 'PutSubscriptionFilter'],
  ]),
  ...sameAction('logs', onStream, ['DeleteLogStream', 'GetLogEvents', 'PutLogEvents']),
  ...sameAction('logs', onGroups, ['StartQuery']),
  ...sameAction('logs', onFilteredGroup, ['DescribeMetricFilters']),
  ...sameAction('logs', onResourceArn, ['ListTagsForResource', 'TagResource', 'UntagResource']),
  ...sameAction('logs', anything, [
    ...['DeleteResourcePolicy', 'DescribeLogGroups', 'DescribeQueries', 'DescribeResourcePolicies'],
    ...['GetQueryResults', 'PutResourcePolicy', 'StopQuery', 'TestMetricFilter'],
  ]),
};
