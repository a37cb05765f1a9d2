import type { ExecutionResult } from '../interpreter/run-execution.ts';
import { jsonBytes } from '../payload-size.ts';
import type { StateMachine } from './state-machines.ts';

const MEBIBYTES_PER_GIGABYTE = 1024;
const MEBIBYTE = 1024 * 1024;
const BASE_BYTES = 50 * MEBIBYTE;
const CHUNK_MEBIBYTES = 64;
const CHUNK_MS = 100;

/** The `billingDetails` of StartSyncExecution. */
export interface BillingDetails {
  billedDurationInMilliseconds: number;
  billedMemoryUsedInMB: number;
}

/**
 * What AWS bills for one execution: duration in steps of 100 ms, memory in steps of 64 MB. Memory is estimated as 50 MB
 * plus the definition plus the payload once for each Map and Parallel state.
 * {@link https://aws.amazon.com/step-functions/pricing/}
 */
export function billingDetails(execution: {
  durationMs: number;
  definitionBytes: number;
  payloadBytes: number;
  fanOutStates: number;
}): BillingDetails {
  const bytes = BASE_BYTES + execution.definitionBytes + execution.payloadBytes * execution.fanOutStates;
  return {
    billedDurationInMilliseconds: Math.max(1, Math.ceil(execution.durationMs / CHUNK_MS)) * CHUNK_MS,
    billedMemoryUsedInMB: Math.ceil(bytes / MEBIBYTE / CHUNK_MEBIBYTES) * CHUNK_MEBIBYTES,
  };
}

/** What AWS bills for a finished execution. Its payload is the larger of input and output. */
export function executionBilling(machine: StateMachine, inputBytes: number, result: ExecutionResult): BillingDetails {
  return billingDetails({
    durationMs: result.stopMs - result.startMs,
    definitionBytes: machine.definition.definitionBytes,
    payloadBytes: Math.max(inputBytes, result.output === undefined ? 0 : jsonBytes(result.output)),
    fanOutStates: machine.definition.fanOutStates,
  });
}

/** Duration times memory in GB-seconds, the unit of the price. */
export function gigabyteSeconds(billed: BillingDetails): number {
  return (billed.billedDurationInMilliseconds / 1000) * (billed.billedMemoryUsedInMB / MEBIBYTES_PER_GIGABYTE);
}
