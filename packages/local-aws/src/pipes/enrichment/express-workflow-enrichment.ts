import type { SFNClient } from '@aws-sdk/client-sfn';
import { runExpressWorkflow } from '../targets/state-machine-target.ts';
import type { Enrichment } from './enrichment.ts';

/** A Step Functions Express workflow as enrichment: its output is the answer. */
export function expressWorkflowEnrichment(client: () => SFNClient, stateMachineArn: string): Enrichment {
  return {
    service: 'states',
    invoke: async (payload, signal) => (await runExpressWorkflow(client, stateMachineArn, payload, signal)) ?? null,
  };
}
