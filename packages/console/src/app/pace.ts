import type { Session } from '../api.ts';

/** How many times as long the page waits between two calls of one kind. */
const factors: Readonly<Record<Session['place'], number>> = { local: 1, aws: 10 };

let factor = factors.local;

/** AWS bills what the page asks for, so it asks a deployed stack less often. */
export function setPace(place: Session['place']): void {
  factor = factors[place];
}

/** The pause between two calls, where a view asks for this one. */
export function paced(everyMs: number): number {
  return everyMs * factor;
}
