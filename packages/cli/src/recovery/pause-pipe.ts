import { StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';

import { isNamed } from '@tweet-pipes/kit/thrown';
import { RecoveryError } from './errors.ts';
import { type DescribedPipe, describePipe } from './pipe.ts';
import type { Surroundings } from './surroundings.ts';

/** AWS needs up to two minutes (AWS: "Amazon EventBridge Pipes, starting or stopping"). */
const longestChangeSeconds = 300;
const pollSeconds = 1;

type Patient = Pick<Surroundings, 'clients' | 'clock' | 'note'>;

/** How a person stops a pipe; part of every refusal. */
export function howToStop(name: string): string {
  return `Stop it with \`aws pipes stop-pipe --name ${name}\`, or repeat with --stop, which stops it and starts it again afterwards.`;
}

/**
 * Stops a pipe and resolves when it is STOPPED: it delivers nothing any more. Throws RecoveryError when it does not get
 * there.
 */
export async function stopPipe(on: Patient, name: string): Promise<void> {
  const { state } = await describePipe(on.clients, name);
  if (state === 'STOPPED') return;
  on.note(`Stopping the pipe ${name} …`);
  // It may be on its way already: another's stop, or our own whose answer was lost.
  await on.clients.pipes.send(new StopPipeCommand({ Name: name })).catch(ignoreConflict);
  await untilState(on, name, 'STOPPED');
}

/** Starts a pipe and resolves when it is RUNNING. */
export async function startPipe(on: Patient, name: string): Promise<void> {
  const { state } = await describePipe(on.clients, name);
  if (state === 'RUNNING') return;
  on.note(`Starting the pipe ${name} again …`);
  await on.clients.pipes.send(new StartPipeCommand({ Name: name })).catch(ignoreConflict);
  await untilState(on, name, 'RUNNING');
}

function ignoreConflict(error: unknown): void {
  if (!isNamed(error, 'ConflictException')) throw error;
}

async function untilState(on: Patient, name: string, wanted: 'STOPPED' | 'RUNNING'): Promise<DescribedPipe> {
  const endMs = on.clock.now() + longestChangeSeconds * 1000;
  for (;;) {
    const pipe = await describePipe(on.clients, name);
    if (pipe.state === wanted) return pipe;
    if (pipe.state.endsWith('_FAILED') || on.clock.now() > endMs) {
      const reason = pipe.stateReason === undefined ? '' : ` (${pipe.stateReason})`;
      throw new RecoveryError(`The pipe ${name} is ${pipe.state}${reason} and did not become ${wanted}.`);
    }
    await on.clock.sleep(pollSeconds * 1000);
  }
}
