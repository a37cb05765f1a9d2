import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IngestWorld } from '../statemachines/ingest-world.ts';
import type { History } from './history.ts';
import { expectedOutcome, type Outcome } from './model.ts';
import { play } from './play.ts';
import type { StreamRecord } from './stream.ts';

/**
 * A history that once found a defect, or that a defect would need. `unlike` says where the outcome may differ from the
 * model's.
 */
interface Case {
  name: string;
  stream: StreamRecord[];
  history: History;
  unlike?: Partial<Outcome>;
}

let world: IngestWorld;
beforeAll(async () => {
  world = await IngestWorld.start();
});
afterAll(() => world.stop());

const folder = new URL('cases/', import.meta.url);
for (const file of readdirSync(folder)) {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  describe(file.replace('.json', ''), () => {
    it.each(cases)('$name', async ({ stream, history, unlike }) => {
      const { outcome } = await play(world, stream, history);
      expect(outcome).toEqual({ ...expectedOutcome(stream), ...unlike });
    });
  });
}
