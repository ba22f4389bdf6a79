import { afterEach, expect, test } from '@jest/globals';
import { closeConnections } from '../../lambdas/collect/connections.ts';
import { startJsonServer } from '../endpoints/json-server.ts';
import { openDoor } from '../servers/door.ts';
import { readOne, settles } from './sources/behaviour.ts';

afterEach(closeConnections);

test('a server that keeps silent is waited for less and less, says so, and is read when it is back', async () => {
  const server = await startJsonServer();
  server.tell('/', { waiting: 7 });
  const door = await openDoor(server.port);
  const given = { type: 'http', url: `http://127.0.0.1:${door.port}/`, field: 'waiting', timeLimit: '1s' };
  try {
    door.silence();
    const whole = /did not answer in time[^()]*$/;
    const short = /did not answer in time.*\(given 300 ms of 1000, since it keeps silent\)$/;
    for (const why of [whole, whole, short, short, whole, short])
      expect(await readOne(given)).toMatchObject({ known: false, why: expect.stringMatching(why) });
    door.listen();
    await settles(given, { known: true, value: 7 });
    door.silence();
    expect(await readOne(given)).toMatchObject({ known: false, why: expect.stringMatching(whole) });
  } finally {
    door.close();
    await server.stop();
  }
}, 30_000);
