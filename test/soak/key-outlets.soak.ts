import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openHub } from '../../src/cad/session/hub-connection.ts';
import { Session } from '../../src/cad/session/session.ts';
import { hurried } from '../cad/session/hub-faults.ts';
import { authenticate, type RawHubClient, startRawHub } from '../cad/session/raw-hub.ts';
import { writingsOf } from '../hardening/forms-of-key.ts';
import { createKeyScene, envelope, FORMS, KEY, type KeyScene } from '../hardening/key-scene.ts';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { createRecordingLog } from '../recording-log.ts';
import { until } from '../until.ts';

const TOKEN = 'a-token-for-health';
const WRITINGS = [...new Set(writingsOf(KEY))];
const MINUTE = 60_000;

/** @returns what shows the key, or the form in which it was given */
function shown(text: string, writing: string): string | null {
  const raw = JSON.stringify(writing).slice(1, -1);
  return FORMS.foundIn(text) ?? [writing, raw].find((form) => text.toLowerCase().includes(form.toLowerCase())) ?? null;
}

describe('every form of the key, one after the other', () => {
  let cad: HttpTarget;
  let bot: HttpTarget;
  let scene: KeyScene;
  let field = 'detail';
  let words = '';

  beforeAll(async () => {
    cad = await startHttpTarget((_request, response) =>
      response
        .writeHead(400, { 'content-type': 'application/json', 'x-trace-id': words, 'x-kong-request-id': words })
        .end(JSON.stringify({ [field]: `no: ${words}`, traceId: words, request_id: words })),
    );
    // Refuses each event for good, in words that hold the key.
    bot = await startHttpTarget((_request, response) => response.writeHead(422, { 'x-why': words }).end(words));
    scene = await createKeyScene({
      movableTime: true,
      config: {
        ...{ apiSendEnabled: true, apiUrl: `http://127.0.0.1:${cad.port}`, communityID: 'mycommunity', serverId: 1 },
        ...{ publicHost: '127.0.0.1', addressServices: [], healthToken: TOKEN, pushEventForwardUrl: '' },
        pushEventForwardTargets: [{ name: 'bot', url: `http://127.0.0.1:${bot.port}/`, includeKey: false }],
      },
    });
  });
  afterAll(async () => {
    await scene.close();
    for (const target of [cad, bot]) await target.close();
  });

  it.each(WRITINGS)(
    'leaves by no error, line, status, answer, event, store or request: %j',
    async (writing) => {
      const { served, left, ask, post } = scene;
      words = writing;
      for (const name of ['detail', 'message', 'title', 'error']) {
        field = name;
        left.length = 0;
        // The limits of the CAD's API count by the minute.
        served.later(MINUTE);
        const performed = await served.host.callExport('sonorancad', 'performApiRequest', { a: 1 }, 'CREATE_CALL');
        expect(performed).toMatchObject({ success: false, reason: expect.stringContaining('no: <key>') });
        left.push(JSON.stringify(performed));
        const call = { callId: 1, emergency: true, caller: writing, location: writing, description: writing };
        const before = bot.received.length;
        expect(await post(envelope({ type: 'EVENT_911', data: { call }, [writing]: [writing] }))).toBe(200);
        await bot.count(before + 1);
        await ask('/sonorancad/health', { headers: { authorization: `Bearer ${TOKEN}` } });
        const commands = ['', ' doctor', ' forward list', ' forward status', ' calls', ' reload'];
        for (const command of commands) served.host.execute(`sonorancad${command}`);
        await until(() => left.some((line) => line.includes("'s request to the CAD was not carried out")));
        const out = [await scene.everythingThatLeft(), ...bot.received.slice(before).map(({ body }) => String(body))];
        expect([writing, name, shown(out.join('\n'), writing)]).toEqual([writing, name, null]);
      }
    },
    5 * MINUTE,
  );
});

it(
  'no form of the key that a hub says when it ends a session comes into the log',
  async () => {
    const ways: ((client: RawHubClient, text: string) => void)[] = [
      (client, text) => authenticate(client, () => client.send({ type: 7, error: `bad ${text} key` })),
      (client, text) => {
        client.accept();
        client.onRecord = () => client.send({ error: `not with ${text}` });
      },
      (client, text) => {
        authenticate(client);
        const { onRecord } = client;
        client.onRecord = (record) => {
          if (record.target !== 'authenticatev2') return onRecord(record);
          client.send({ type: 3, invocationId: record.invocationId, error: `no ${text}` });
        };
      },
    ];
    for (const way of ways) {
      for (const writing of WRITINGS) {
        const log = createRecordingLog();
        let isAsked = false;
        const hub = await startRawHub((client) => {
          if (isAsked) return authenticate(client);
          isAsked = true;
          way(client, writing);
        });
        const session = new Session({
          config: () => ({
            ...{ transport: 'auto', apiSendEnabled: true, communityID: 'mycommunity', apiKeys: [KEY], serverId: 1 },
            ...{ mode: 'production', apiUrl: hub.url },
          }),
          mayConnect: () => true,
          receive: () => {},
          clock: hurried,
          random: () => 0,
          log,
          loadHub: async () => openHub,
        });
        session.applyConfig();
        while (!log.lines.some(({ level }) => level === 'warn' || level === 'error')) await sleep(5);
        const text = JSON.stringify([log.lines, session.status()]);
        session.stop();
        await hub.close();
        expect(text).toMatch(/API key removed/);
        expect([writing, shown(text, writing)]).toEqual([writing, null]);
      }
    }
  },
  10 * MINUTE,
);
