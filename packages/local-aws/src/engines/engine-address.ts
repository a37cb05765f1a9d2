import type { Random } from '@tweet-pipes/kit/random';

/**
 * Ports above 1023 that no browser connects to for a web page, whatever the page does ("bad ports",
 * https://fetch.spec.whatwg.org/#port-blocking). Without 4190 and 6679, which Chromium 156 allows, and without those
 * that a desktop may use itself: X11, SIP, NFS.
 */
export const blockedPorts: readonly number[] = [
  1719, 1720, 1723, 3659, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080,
];
/** Addresses tried on systems that have many. Each is free unless another program took it with the same port. */
const ATTEMPTS = 5;

/** Where the DynamoDB engine may listen. */
export interface EngineAddress {
  /** As in a URL: `127.83.12.201`, `[::1]`. */
  readonly host: string;
  readonly port: number;
}

/**
 * Places for the engine to listen, to be tried in this order, since another program may have one (docs/adr/0035). Linux
 * and Windows answer on all of 127.0.0.0/8, so that any number of engines find one. Other systems have two addresses,
 * and one engine for each of the ports on each.
 */
export function engineAddresses(random: Pick<Random, 'next'>, platform: NodeJS.Platform): readonly EngineAddress[] {
  if (platform === 'linux' || platform === 'win32') {
    return Array.from({ length: ATTEMPTS }, () => ({
      host: randomLoopback(random),
      port: anyOf(blockedPorts, random),
    }));
  }
  const all = ['127.0.0.1', '[::1]'].flatMap((host) => blockedPorts.map((port) => ({ host, port })));
  return all
    .map((address) => ({ address, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ address }) => address);
}

/** Neither 127.0.0.1, where programs listen, nor an address that means a network. */
function randomLoopback(random: Pick<Random, 'next'>): string {
  const byte = (): number => 1 + Math.floor(random.next() * 254);
  return `127.${byte()}.${byte()}.${byte()}`;
}

function anyOf(ports: readonly number[], random: Pick<Random, 'next'>): number {
  const port = ports[Math.floor(random.next() * ports.length)];
  if (port === undefined) throw new RangeError('No port to choose from.');
  return port;
}
