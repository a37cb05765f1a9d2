import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@tweet-pipes/kit/random';
import { blockedPorts, engineAddresses } from '../../src/engines/engine-address.ts';

describe('the addresses of the DynamoDB engine', () => {
  // Node's fetch implements the standard's list. It refuses before it connects.
  it.each(blockedPorts)('has port %i, which a page cannot call', async (port) => {
    const call = fetch(`http://127.0.0.1:${port}/`);
    await expect(call).rejects.toMatchObject({ cause: expect.objectContaining({ message: 'bad port' }) });
  });

  it.each(['linux', 'win32'] as const)('are random ones of 127.0.0.0/8 on %s', (platform) => {
    const found = engineAddresses(seededRandom(1), platform);
    expect(found.length).toBe(5);
    expect(new Set(found.map(({ host }) => host)).size).toBe(5);
    for (const { host, port } of found) {
      expect(host).toMatch(/^127(\.([1-9]\d?|1\d\d|2[0-4]\d|25[0-4])){3}$/);
      expect(blockedPorts).toContain(port);
    }
  });

  it('are both loopback addresses with each port elsewhere, in any order', () => {
    const found = engineAddresses(seededRandom(1), 'darwin').map(({ host, port }) => `${host}:${port}`);
    const all = ['127.0.0.1', '[::1]'].flatMap((host) => blockedPorts.map((port) => `${host}:${port}`));
    expect(found).not.toEqual(all);
    expect(found.toSorted()).toEqual(all.toSorted());
  });
});
