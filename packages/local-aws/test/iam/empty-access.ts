import type { AccessControl } from '../../src/iam/access-control.ts';
import { createAccessControl } from '../../src/iam/access-store.ts';

/** The access control of an account without roles and policies. It is 29 November 2026, 12:00 UTC. */
export function emptyAccess(): AccessControl {
  return createAccessControl({
    accountId: '000000000000',
    region: 'us-east-1',
    clock: { now: () => Date.parse('2026-11-29T12:00:00Z') },
  });
}
