import { expect, it } from '@jest/globals';
import { memoryFolder } from './memory-folder.ts';

const disk = '/dev/vda / ext4 rw,relatime 0 0';

it.each([
  ['tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0', 5e9, '/dev/shm'],
  ['tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0', 64e6, undefined],
  ['shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k 0 0', 5e9, undefined],
  ['/dev/vdb /dev/shm ext4 rw 0 0', 5e9, undefined],
  ['', 5e9, undefined],
])('takes a folder in memory where it has room and may start programs: %j with %d bytes', (mount, bytes, folder) => {
  expect(memoryFolder({ mounts: `${disk}\n${mount}\n`, freeBytes: () => bytes })).toBe(folder);
});
