import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { INSTANCE_HEADER } from '../../src/api.ts';
import { Connection } from '../../src/app/connection.ts';

const clock = new ManualClock(1_000);
let connection: Connection;
const hear = (instance: string) => connection.heard(new Headers({ [INSTANCE_HEADER]: instance }));

beforeEach(() => {
  connection = new Connection(clock);
});

describe('the connection', () => {
  it('is live after an answer', () => {
    expect(connection.state).toEqual({ status: 'connecting' });
    hear('a');
    expect(connection.state).toEqual({ status: 'live' });
  });

  it('is away from the first call that gets no answer', async () => {
    hear('a');
    connection.missed();
    await clock.advance(500);
    connection.missed();
    expect(connection.state).toEqual({ status: 'away', awaySinceMs: clock.now() - 500 });
    hear('a');
    expect(connection.state).toEqual({ status: 'live' });
  });

  it('notices that the server was started again, until that was read', () => {
    hear('a');
    connection.missed();
    hear('b');
    hear('b');
    expect(connection.state).toEqual({ status: 'live', restartedAtMs: clock.now() });
    connection.dismissRestart();
    expect(connection.state).toEqual({ status: 'live' });
  });

  it('tells its listeners of changes alone', () => {
    let changes = 0;
    const stop = connection.subscribe(() => {
      changes += 1;
    });
    hear('a');
    hear('a');
    connection.missed();
    connection.missed();
    expect(changes).toBe(2);
    stop();
    hear('a');
    expect(changes).toBe(2);
  });
});
