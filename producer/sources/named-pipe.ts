import { close, constants, open, read } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hasCode } from '@tweet-pipes/kit/thrown';

const pollMs = 50;
const chunkBytes = 64 * 1024;

/**
 * The bytes of a named pipe (FIFO), from its first writer on, until no writer is left. A file stream would wait for the
 * writer in a thread that nothing can end, and the process with it; here an abort ends the wait. Throws Node's errors.
 */
export async function* namedPipe(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let socket: Socket | undefined;
  try {
    const first = await firstBytes(fd, signal);
    if (first === undefined) return;
    if (first.length > 0) yield first;
    const stream = new Socket({ fd, readable: true, writable: false });
    socket = stream;
    const stop = () => void stream.destroy();
    signal.addEventListener('abort', stop);
    try {
      for await (const chunk of stream) yield chunk;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  } finally {
    if (socket === undefined) close(fd);
    else socket.destroy();
  }
}

/** What the first writer wrote, or nothing if it has not written yet. Undefined on abort. */
async function firstBytes(fd: number, signal: AbortSignal): Promise<Buffer | undefined> {
  const buffer = Buffer.alloc(chunkBytes);
  while (!signal.aborted) {
    try {
      const { bytesRead } = await promisify(read)(fd, buffer, 0, chunkBytes, null);
      if (bytesRead > 0) return buffer.subarray(0, bytesRead);
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    } catch (error) {
      // There is a writer, which has not written yet.
      if (hasCode(error, 'EAGAIN')) return Buffer.alloc(0);
      throw error;
    }
  }
  return undefined;
}
