import { StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';

import { isNamed } from '@tweet-pipes/kit/thrown';
import type { RecoveryContext } from './context.ts';
import { RecoveryError } from './errors.ts';
import { type DescribedPipe, describePipe } from './pipe.ts';

/** AWS needs up to two minutes (AWS: "Amazon EventBridge Pipes, starting or stopping"). */
const longestChangeSeconds = 300;
const pollSeconds = 1;

type PipeContext = Pick<RecoveryContext, 'clients' | 'clock' | 'note'>;

/** How to stop a pipe by hand; part of every refusal. */
export function howToStop(name: string): string {
  return `Stop it with \`aws pipes stop-pipe --name ${name}\`, or repeat with --stop, which stops it and starts it again afterwards.`;
}

/**
 * Stops a pipe and resolves when it is STOPPED and delivers nothing any more. Throws RecoveryError when it does not
 * stop within five minutes.
 */
export async function stopPipe(context: PipeContext, name: string): Promise<void> {
  const { state } = await describePipe(context.clients, name);
  if (state === 'STOPPED') return;
  context.note(`Stopping the pipe ${name} …`);
  // It may be stopping already, by another caller or by a call of ours whose answer was lost.
  await context.clients.pipes.send(new StopPipeCommand({ Name: name })).catch(ignoreConflict);
  await untilState(context, name, 'STOPPED');
}

/** Starts a pipe and resolves when it is RUNNING. */
export async function startPipe(context: PipeContext, name: string): Promise<void> {
  const { state } = await describePipe(context.clients, name);
  if (state === 'RUNNING') return;
  context.note(`Starting the pipe ${name} again …`);
  await context.clients.pipes.send(new StartPipeCommand({ Name: name })).catch(ignoreConflict);
  await untilState(context, name, 'RUNNING');
}

function ignoreConflict(error: unknown): void {
  if (!isNamed(error, 'ConflictException')) throw error;
}

async function untilState(context: PipeContext, name: string, wanted: 'STOPPED' | 'RUNNING'): Promise<DescribedPipe> {
  const endMs = context.clock.now() + longestChangeSeconds * 1000;
  for (;;) {
    const pipe = await describePipe(context.clients, name);
    if (pipe.state === wanted) return pipe;
    if (pipe.state.endsWith('_FAILED') || context.clock.now() > endMs) {
      const reason = pipe.stateReason === undefined ? '' : ` (${pipe.stateReason})`;
      throw new RecoveryError(`The pipe ${name} is ${pipe.state}${reason} and did not become ${wanted}.`);
    }
    await context.clock.sleep(pollSeconds * 1000);
  }
}
