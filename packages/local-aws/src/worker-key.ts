/**
 * The access key id with which our own workers (pipes, workflows, Firehose, functions) call the endpoint; nobody else
 * should. Injected faults tell by it whom to hit, so that people and checks, who have other keys, see what is true.
 */
export const WORKER_ACCESS_KEY_ID = 'worker';
