import type { RestRoute } from './rest-json.ts';

const inputs = { timestamps: ['StartDate', 'EndDate'] };
const group = { groupName: 'groupName', clientToken: 'clientToken' };
const page = { NextToken: 'NextToken', MaxResults: 'MaxResults', NamePrefix: 'NamePrefix' };

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
export const schedulerRoutes: readonly RestRoute[] = [
  { operation: 'CreateSchedule', method: 'POST', path: '/schedules/{Name}', inputs },
  { operation: 'UpdateSchedule', method: 'PUT', path: '/schedules/{Name}', inputs },
  { operation: 'GetSchedule', method: 'GET', path: '/schedules/{Name}', query: group },
  { operation: 'DeleteSchedule', method: 'DELETE', path: '/schedules/{Name}', query: group },
  {
    operation: 'ListSchedules',
    method: 'GET',
    path: '/schedules',
    query: { ...page, ScheduleGroup: 'GroupName', State: 'State' },
  },
  { operation: 'CreateScheduleGroup', method: 'POST', path: '/schedule-groups/{Name}' },
  { operation: 'GetScheduleGroup', method: 'GET', path: '/schedule-groups/{Name}' },
  {
    operation: 'DeleteScheduleGroup',
    method: 'DELETE',
    path: '/schedule-groups/{Name}',
    query: { clientToken: 'clientToken' },
  },
  { operation: 'ListScheduleGroups', method: 'GET', path: '/schedule-groups', query: page },
];
