import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect when its heap has grown by half since the last time. By itself, on a machine with much memory, it
 * waits until the heap is four times what lives: about 80 MB of the runtime live, and it took 600
 * (docs/performance.md).
 */
export function growHeapSlowly(): void {
  setFlagsFromString('--heap-growing-percent=50');
}

/**
 * Keeps the space for new objects as large as it is by now. After a start that is 64 MB, enough for most to die in it;
 * under load V8 would double it.
 */
export function keepNewSpaceSize(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
