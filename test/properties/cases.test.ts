import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IngestFixture } from '../statemachines/ingest-fixture.ts';
import type { History } from './history.ts';
import { expectedOutcome, type Outcome } from './model.ts';
import { play } from './play.ts';
import type { StreamRecord } from './stream.ts';

/**
 * A history that once found a defect, or that would show one. `unlike` holds what differs from the model's outcome.
 */
interface Case {
  name: string;
  stream: StreamRecord[];
  history: History;
  unlike?: Partial<Outcome>;
}

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await IngestFixture.start();
});
afterAll(() => fixture.stop());

const folder = new URL('cases/', import.meta.url);
for (const file of readdirSync(folder)) {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  describe(file.replace('.json', ''), () => {
    it.each(cases)('$name', async ({ stream, history, unlike }) => {
      const { outcome } = await play(fixture, stream, history);
      expect(outcome).toEqual({ ...expectedOutcome(stream), ...unlike });
    });
  });
}
