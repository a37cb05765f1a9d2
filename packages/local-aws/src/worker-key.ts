/**
 * The access key id of the runtime's own workers (pipes, workflows, Firehose, functions). Fault injection distinguishes
 * them by it from users and checks, whose calls it leaves alone by default.
 */
export const WORKER_ACCESS_KEY_ID = 'worker';
