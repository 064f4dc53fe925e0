import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formsOf } from '../../src/events/api-keys.ts';
import type { Delivery, EventList } from '../../src/inspector/api-types.ts';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { KEY, payload, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

const SECRETS = {
  key: KEY,
  otherKey: 'another-key-for-"testing"/1',
  healthToken: 'health-token-for-testing',
  signing: `whsec_${Buffer.from('a-signing-secret-of-24-b').toString('base64')}`,
  header: 'Bearer header-token-for-testing',
  password: 'password-for-testing',
  query: 'query-token-for-testing',
  webhook: 'webhook-token-for-testing',
  alerts: 'alerts-token-for-testing',
};

let echo: HttpTarget;
let served: ServedResource;
let token = '';
const printed: string[] = [];

/** Answers what it was sent, as a badly written target may. */
beforeAll(async () => {
  echo = await startHttpTarget((request, response, { headers, body }) => {
    response.statusCode = request.url?.includes('final') === true ? 422 : 500;
    response.end(JSON.stringify({ headers, url: request.url, body: body.toString() }));
  });
  const at = (path: string) => `http://user:${SECRETS.password}@127.0.0.1:${echo.port}${path}?token=${SECRETS.query}`;
  const common = { secret: SECRETS.signing, headers: { authorization: SECRETS.header, 'x-short': 'abc1' } };
  served = await serveResource({
    log: (line) => printed.push(line),
    config: {
      apiKeys: [SECRETS.otherKey],
      healthToken: SECRETS.healthToken,
      enablePushEventForwarding: true,
      pushEventForwardTargets: [
        { name: 'bot', url: at('/events'), ...common },
        { name: 'final', url: at(`/api/webhooks/1/${SECRETS.webhook}/final`), ...common },
      ],
      alerts: { discord: `https://discord.example/api/webhooks/1/${SECRETS.alerts}` },
    },
  });
  served.host.ensure('sonorancad');
  served.host.execute('sonorancad inspect');
  token = /#([\w-]{43})/.exec(printed.join('\n'))?.[1] ?? '';
});
afterAll(async () => {
  await served.close();
  await echo.close();
});

async function ask(path: string, method = 'GET'): Promise<string> {
  const url = `http://127.0.0.1:${served.host.port}/sonorancad/${path}`;
  const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  return answer.text();
}
const askJson = async <Body>(path: string): Promise<Body> => JSON.parse(await ask(path));

/** @returns which secrets stand in a text, in any form */
function shownIn(text: string): string[] {
  const lower = text.toLowerCase();
  const secrets = { ...SECRETS, token };
  return Object.entries(secrets).flatMap(([name, secret]) =>
    [secret, secret.replace(/^(Bearer |whsec_)/, '')]
      .flatMap(formsOf)
      .some((form) => lower.includes(form.toLowerCase()))
      ? [name]
      : [],
  );
}

describe('no secret reaches the page', () => {
  it('in any of its outputs, when events and targets repeat all of them', async () => {
    const all = Object.values(SECRETS);
    const call = {
      callId: 7,
      caller: all.join(' '),
      description: JSON.stringify(all),
      metaData: { [KEY]: SECRETS.header },
    };
    expect(await served.post(JSON.stringify({ key: KEY, type: 'EVENT_911', data: { call } }))).toEqual([200, 'ok']);
    await served.post(JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: `${KEY}x` } }));
    await served.post(payload('EVENT_UNIT_LOGIN').replaceAll(/"name":\s*"[^"]*"/g, `"name":"${SECRETS.header}"`));
    await served.post(JSON.stringify({ key: SECRETS.otherKey, type: `EVENT_${KEY}`, data: { key: SECRETS.otherKey } }));
    await until(async () =>
      (await askJson<Delivery>('api/delivery')).targets.every(({ lastError }) => lastError !== null),
    );
    const { events } = await askJson<EventList>('api/events');
    expect(events).toHaveLength(4);
    const stream = ask('api/stream');
    const outputs: Record<string, string> = {};
    const paths = [
      '',
      'api/about',
      'api/events',
      'api/delivery',
      'api/dead-letters',
      'api/series',
      'api/now',
      'api/health',
      'api/config',
    ];
    const ofEvents = events.flatMap(({ seq }) => ['', '/payload', '/curl'].map((part) => `api/events/${seq}${part}`));
    for (const path of [...paths, ...ofEvents]) outputs[path] = await ask(path);
    outputs.again = await ask('api/events/1/again', 'POST');
    outputs.drop = await ask(`api/dead-letters/drop?id=${encodeURIComponent(KEY)}`, 'POST');
    outputs.retry = await ask(`api/targets/${encodeURIComponent(SECRETS.header)}/retry`, 'POST');
    outputs.wrong = await ask(`api/dead-letters?limit=${encodeURIComponent(KEY)}`);
    const scrape = { headers: { authorization: `Bearer ${SECRETS.healthToken}` } };
    outputs.metrics = await (await fetch(`http://127.0.0.1:${served.host.port}/sonorancad/metrics`, scrape)).text();
    served.host.execute('sonorancad inspect off');
    outputs.stream = await stream;

    expect(outputs['api/events/1']).toContain('"answer":"{');
    expect(outputs['api/events/1/payload']).toContain('***');
    expect(outputs.metrics).toContain('sonorancad_forward_attempts_total');
    expect(outputs.stream).toContain('"reason":"over"');
    expect(Object.entries(outputs).flatMap(([path, text]) => shownIn(text).map((name) => `${path}: ${name}`))).toEqual(
      [],
    );
  });

  it("nor the console, but for the link's token, once", async () => {
    const before = printed.length;
    for (const word of ['events', 'events show 1', 'events payload 1', 'events curl 1', 'config'])
      served.host.execute(`sonorancad ${word}`);
    await until(() => printed.some((line) => line.includes('pushEventForwardTargets')));
    expect(shownIn(printed.slice(before).join('\n'))).toEqual([]);
    expect(printed.filter((line) => line.includes(token))).toHaveLength(1);
  });
});
