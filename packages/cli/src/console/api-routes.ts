import type { ApiRoutes } from './api-handler.ts';
import { getSession } from './session.ts';

/** Every path of the page's API. What is not here is answered 404. */
export const apiRoutes: ApiRoutes = {
  'GET session': getSession,
};
