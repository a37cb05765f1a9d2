import { type AddressInfo, createServer } from 'node:net';

/**
 * A loopback TCP port that was free a moment ago. Another program may take it first, so retry with a new one when
 * binding fails.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo; // Never a string or null for a listening TCP server.
      server.close(() => resolve(port));
    });
  });
}
