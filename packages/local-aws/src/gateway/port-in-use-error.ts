/** Another program listens on the requested port of 127.0.0.1. Retryable when that program has stopped. */
export class PortInUseError extends Error {
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(
      `Port ${port} on 127.0.0.1 is in use by another program. Choose a free one with --port <number> (0 takes any), or stop the other program.`,
      { cause },
    );
    this.name = 'PortInUseError';
    this.port = port;
  }
}
