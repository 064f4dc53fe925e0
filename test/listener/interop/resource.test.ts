import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ForwardingStatus } from '../../../src/forward/forwarding-status.ts';
import type { PushEvent } from '../../../src/listener/push-event-listener.ts';
import { eventFixtures, variantFixtures } from '../../events/fixtures.ts';
import { jsRecorder, takenBy } from '../../hardening/recorders.ts';
import { KEY, type ServedResource, serveResource } from '../../serve-resource.ts';
import { until } from '../../until.ts';
import { linkPackage } from '../link-package.ts';
import { SECRET } from '../page-samples.ts';

/** A program that sends its port and each event to its parent process. */
const PROGRAM = `
const listener = createPushEventListener({ apiKey: '${KEY}', secret: '${SECRET}' });
listener.on('*', (event) => process.send(event));
listener.listen(Number(process.argv[2])).then(({ port }) => process.send(port));
process.once('disconnect', () => process.exit());
`;
const PROGRAMS = {
  'program.mjs': `import { createPushEventListener } from 'sonorancad/listener';\n${PROGRAM}`,
  'program.cjs': `const { createPushEventListener } = require('sonorancad/listener');\n${PROGRAM}`,
};

/** All sample events except GET_LOGS, which handlers of `*` in the game do not get. */
const EVENTS = [...eventFixtures(), ...variantFixtures()].filter(({ type }) => type !== 'GET_LOGS');

describe('built library behind the resource in a game server', () => {
  let folder: string;
  let served: ServedResource;
  let child: ChildProcess | null = null;
  let events: PushEvent[];

  beforeAll(async () => {
    folder = linkPackage();
    for (const [name, source] of Object.entries(PROGRAMS)) writeFileSync(join(folder, name), source);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    events = [];
    served = await serveResource();
    served.add('game', jsRecorder());
  });
  afterEach(async () => {
    await kill();
    await served.close();
  });

  /** Starts a program. @returns the port on which it listens */
  async function start(program: string, port = 0): Promise<number> {
    const started = spawn(process.execPath, [program, String(port)], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    const [told] = (await once(started, 'message')) as [number];
    started.on('message', (event) => events.push(event as PushEvent));
    return told;
  }

  async function kill(): Promise<void> {
    if (child === null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    child = null;
  }

  it.each(Object.keys(PROGRAMS))(
    '%s receives the same events as the game, even if it is killed in between',
    async (program) => {
      const port = await start(program);
      served.configure({
        enablePushEventForwarding: true,
        pushEventForwardTargets: [{ name: 'bot', url: `http://127.0.0.1:${port}`, secret: SECRET }],
        pushEventForwardRetrySeconds: [0.3],
      });
      for (const resource of ['game', 'sonorancad']) served.host.ensure(resource);
      const half = EVENTS.length >> 1;
      const ids = () => new Set(events.map(({ id }) => id));
      for (const [number, { body }] of EVENTS.entries()) {
        expect(await served.post(JSON.stringify({ ...body, key: KEY }))).toEqual([200, 'ok']);
        // Waits for the answered events first: the library stores nothing, so a kill would lose them.
        if (number === half) {
          await until(() => ids().size > half);
          await kill();
        }
      }
      await start(program, port);
      const { game = [] } = await takenBy(served.host, ['game']);
      const inGame = game.filter(([way]) => way === 'event').map(([, event]) => event as PushEvent);
      expect(inGame).toHaveLength(EVENTS.length);
      const status = () => served.host.callExport('sonorancad', 'getForwardingStatus') as ForwardingStatus;
      await until(() => status().targets[0]?.queued === 0);
      // The last event is the mark that `takenBy` has sent.
      await until(() => ids().size > EVENTS.length || child?.exitCode !== null);
      const received = [...new Map(events.map((event) => [event.id, event])).values()].slice(0, -1);
      const comparable = ({ id, type, data, valid }: PushEvent) => ({ id, type, data, valid });
      expect(received.map(comparable)).toEqual(JSON.parse(JSON.stringify(inGame.map(comparable))));
    },
  );
});
