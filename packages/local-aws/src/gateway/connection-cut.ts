/**
 * Thrown where an answer is due: the caller's connection ends without one. The call may or may not have had its effect.
 */
export class ConnectionCut extends Error {
  constructor() {
    super('The connection is cut without an answer.');
    this.name = 'ConnectionCut';
  }
}
