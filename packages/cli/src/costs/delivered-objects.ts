import type { Load } from './capacity.ts';
import type { DeliveryFacts } from './stack-facts.ts';

/** How many objects a delivery stream writes in a second, at most: as if it got every record of the load. */
export function objectsPerSecond({ intervalSeconds, bufferBytes }: DeliveryFacts, load: Load): number {
  const bytesPerSecond = load.recordsPerSecond * load.bytesPerRecord;
  return Math.max(1 / Math.max(1, intervalSeconds), bytesPerSecond / bufferBytes);
}
