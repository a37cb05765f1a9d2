import type { Call, Intercept } from '../../gateway/wire.ts';
import type { AccessRequest, Decision } from '../access-control.ts';
import type { Asked } from './asked.ts';
import { denialError } from './denial-error.ts';

/** Answers a question in the name of the caller. */
export type Ask = (request: AccessRequest) => Decision;

/** A call whose caller needs rights. */
export interface GuardedCall {
  readonly call: Call;
  readonly asked: Asked;
  readonly ask: Ask;
  /** Asks what a question needs of the key of its resource. */
  readonly askKey: Ask;
  readonly forward: Parameters<Intercept>[1];
}

/** Throws the service's own error for what is denied. */
export function demand(service: string, decision: Decision): void {
  if (!decision.isAllowed) throw denialError(service, decision.denied);
}
