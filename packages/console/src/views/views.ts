import type { View } from '../app/view.ts';
import { ExecutionsView } from './executions/executions-view.ts';

/** All views, in the order of the navigation. The first one is the start. */
export const views: readonly [View, ...View[]] = [
  { key: 'executions', title: 'Executions', group: 'Workflows', component: ExecutionsView },
];
