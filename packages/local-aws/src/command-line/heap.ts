import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect garbage when its heap has grown by half. By default, on a machine with much memory, the heap grows
 * to four times its live objects: the runtime, with 80 MB of them, took 600 MB (docs/performance.md).
 */
export function growHeapSlowly(): void {
  setFlagsFromString('--heap-growing-percent=50');
}

/**
 * Keeps V8's space for new objects at its current size. After a start that is 64 MB, enough for most objects to be
 * collected there; under load V8 would double it.
 */
export function keepNewSpaceSize(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
