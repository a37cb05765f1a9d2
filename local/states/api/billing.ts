const MEBIBYTE = 1024 * 1024;
const BASE_BYTES = 50 * MEBIBYTE;
const CHUNK_MEBIBYTES = 64;
const CHUNK_MS = 100;

/**
 * What AWS bills for one execution: duration in steps of 100 ms; memory in steps of 64 MB, estimated as 50 MB plus the definition plus
 * the payload once for each Map and Parallel state. {@link https://aws.amazon.com/step-functions/pricing/}
 */
export function billingDetails(execution: {
  durationMs: number;
  definitionBytes: number;
  payloadBytes: number;
  fanOutStates: number;
}) {
  const bytes = BASE_BYTES + execution.definitionBytes + execution.payloadBytes * execution.fanOutStates;
  return {
    billedDurationInMilliseconds: Math.max(1, Math.ceil(execution.durationMs / CHUNK_MS)) * CHUNK_MS,
    billedMemoryUsedInMB: Math.ceil(bytes / MEBIBYTE / CHUNK_MEBIBYTES) * CHUNK_MEBIBYTES,
  };
}
