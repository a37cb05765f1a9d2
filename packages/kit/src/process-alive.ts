import { hasCode } from './thrown.ts';

/** Whether a process is alive, of whichever user. */
export function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
