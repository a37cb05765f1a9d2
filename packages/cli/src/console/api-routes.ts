import type { ApiRoutes } from './api-handler.ts';
import {
  getExecution,
  getExecutionEvent,
  getExecutions,
  getMatchingExecutions,
  startExecutionAgain,
} from './executions.ts';
import { getSession } from './session.ts';
import { viewRoutes } from './views/view-routes.ts';

/** Every path of the page's API. What is not here is answered 404. */
export const apiRoutes: ApiRoutes = {
  'GET session': getSession,
  'GET executions': getExecutions,
  'GET executions/matching': getMatchingExecutions,
  'GET execution': getExecution,
  'GET execution/event': getExecutionEvent,
  'POST execution/start': startExecutionAgain,
  ...viewRoutes,
};
