/** Thrown in place of an answer: the caller's connection is closed without one. The call may have had its effect. */
export class ConnectionCut extends Error {
  constructor() {
    super('The connection is cut without an answer.');
    this.name = 'ConnectionCut';
  }
}
