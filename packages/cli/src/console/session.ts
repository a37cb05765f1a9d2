import type { Session } from '@tweet-pipes/console/api';
import type { ApiHandler } from './api-handler.ts';
import { findWorkflows } from './workflows.ts';

/** What the page looks at: `GET session`. */
export const getSession: ApiHandler = async (context): Promise<Session> => {
  const workflows = await findWorkflows(context);
  const { place, endpoint, region, stacks } = context;
  return {
    place,
    ...(endpoint === undefined ? {} : { endpoint }),
    region,
    accountId: workflows[0]?.arn.split(':')[4] ?? '',
    stacks: stacks.map(({ name }) => name),
    workflows,
  };
};
