import { type Asked, anything, arnOf, type Rows, sameAction, textOf } from './asked.ts';

/** The group is in the query of reads, in the body of writes. */
function onSchedule(asked: Asked): string {
  const { groupName, GroupName, Name } = asked.input;
  const group = [groupName, GroupName].find((name) => typeof name === 'string') ?? 'default';
  return arnOf(asked, 'scheduler', `schedule/${textOf(group)}/${textOf(Name)}`);
}

const onGroup = (asked: Asked): string => arnOf(asked, 'scheduler', `schedule-group/${textOf(asked.input.Name)}`);
const onResourceArn = ({ input }: Asked): string => textOf(input.ResourceArn);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html */
export const scheduler: Rows = {
  ...sameAction('scheduler', onSchedule, ['CreateSchedule', 'DeleteSchedule', 'GetSchedule', 'UpdateSchedule']),
  ...sameAction('scheduler', onGroup, ['CreateScheduleGroup', 'DeleteScheduleGroup', 'GetScheduleGroup']),
  ...sameAction('scheduler', onResourceArn, ['ListTagsForResource', 'TagResource', 'UntagResource']),
  ...sameAction('scheduler', anything, ['ListScheduleGroups', 'ListSchedules']),
};
