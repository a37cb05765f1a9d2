/** The JSON that the page gets from its server, under `/_console/api/`. Times are milliseconds since the epoch. */

/** The body of every answer that is not 200. */
export interface ApiFailure {
  /** A name that a program may compare: AWS's own for its errors, else `NotFound`, `BadRequest`, `Starting`, … */
  readonly error: string;
  /** For people: what was wrong, and what to do. */
  readonly message: string;
}

/** Names the server's process in every answer: another value means that it was started again. */
export const INSTANCE_HEADER = 'x-console-instance';

/** `GET session`: what the page looks at. */
export interface Session {
  /** `local`: the runtime on this machine. `aws`: a deployed stack. */
  readonly place: 'local' | 'aws';
  /** `http://127.0.0.1:4566`; undefined on AWS. */
  readonly endpoint?: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Names of the stacks that are there. */
  readonly stacks: readonly string[];
  readonly workflows: readonly WorkflowName[];
}

/** A state machine of one of the stacks. */
export interface WorkflowName {
  readonly arn: string;
  /** Its name in AWS: `TweetPipes-IngestWorkflowStateMachine…`. */
  readonly name: string;
  /** For people, without the stack's name and the generated end: `Ingest`. */
  readonly title: string;
  readonly stack: string;
}
