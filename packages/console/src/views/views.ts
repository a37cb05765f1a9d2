import type { View } from '../app/view.ts';
import { BillView } from './bill/bill-view.ts';
import { ExecutionsView } from './executions/executions-view.ts';
import { HashtagsView } from './hashtags/hashtags-view.ts';
import { ObjectsView } from './objects/objects-view.ts';
import { QuarantineView } from './objects/quarantine-view.ts';
import { PipelineView } from './pipeline/pipeline-view.ts';
import { PipesView } from './pipes/pipes-view.ts';
import { QueriesView } from './queries/queries-view.ts';
import { TweetView } from './tweet/tweet-view.ts';

/** All views, in the order of the navigation. The first one is the start. */
export const views: readonly [View, ...View[]] = [
  { key: 'pipeline', title: 'Pipeline', group: 'Now', component: PipelineView },
  { key: 'pipes', title: 'Pipes', group: 'Now', component: PipesView },
  { key: 'executions', title: 'Executions', group: 'Workflows', component: ExecutionsView },
  { key: 'tweet', title: 'Tweet', group: 'Data', component: TweetView },
  { key: 'hashtags', title: 'Hashtags', group: 'Data', component: HashtagsView },
  { key: 'quarantine', title: 'Quarantine', group: 'Data', component: QuarantineView },
  { key: 'objects', title: 'Objects', group: 'Data', component: ObjectsView },
  { key: 'queries', title: 'Queries', group: 'Data', component: QueriesView },
  { key: 'bill', title: 'Bill', group: 'Cost', component: BillView },
];
