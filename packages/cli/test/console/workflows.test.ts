import { expect, it } from '@jest/globals';
import { workflowTitle } from '../../src/console/workflows.ts';

it.each([
  ['IngestWorkflowStateMachine1EDA70A1', 'Ingest'],
  ['SentimentWorkflowStateMachine0A1B2C3D', 'Sentiment'],
  ['OrderCountsStateMachine00000000', 'Order Counts'],
  ['StateMachine', 'StateMachine'],
])('calls %s %s', (logicalId, title) => expect(workflowTitle(logicalId)).toBe(title));
