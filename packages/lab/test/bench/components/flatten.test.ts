import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, jest } from '@jest/globals';
import { PROJECT_APP } from '@tweet-pipes/cli/project-folder';
import { synthesize } from '@tweet-pipes/local-aws/assembly/synthesize';
import { flattenComponent } from '../../../src/bench/components/in-process.ts';

const folder = await mkdtemp(join(tmpdir(), 'flatten-component-'));
afterAll(() => rm(folder, { recursive: true }));

it('measures the deployed bundle of the flatten function, without what it writes', async () => {
  await synthesize({ ...PROJECT_APP, outputFolder: folder });
  const component = await flattenComponent(folder, 3);
  expect(component).toMatchObject({ things: 3, thing: 'event', isHere: true });
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(await component.work()).toEqual(Array(3).fill(expect.objectContaining({ table: 'tweets', cause: 'user' })));
  expect(write).not.toHaveBeenCalled();
  write.mockRestore();
}, 120_000);
