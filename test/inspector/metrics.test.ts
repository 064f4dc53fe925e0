import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/jest/programs.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { HEALTH_TOKEN, laneOf, setUpInspector } from './set-up-inspector.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const hasPromtool = findProgram('promtool') !== null;

const METRICS = '/metrics';
const bearer = { headers: { authorization: `Bearer ${HEALTH_TOKEN}` } };
const basic = (login: string) => ({ headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } });

let inspected: Awaited<ReturnType<typeof setUpInspector>>;
beforeAll(async () => {
  inspected = await setUpInspector();
});
afterAll(() => inspected.server.close());

const scrape = async (): Promise<string> => (await inspected.ask(METRICS, bearer)).text();

/** @returns the value of a line */
async function readingOf(line: string): Promise<number | undefined> {
  const found = (await scrape()).split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length));
}

describe('access to the metrics', () => {
  it('is given to the health token', async () => {
    const answer = await inspected.ask(METRICS, bearer);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain;/)]);
  });

  it("is given to the game server's own login for Prometheus", async () => {
    const { set, ask } = inspected;
    for (const login of ['scraper:a-password', ':']) expect((await ask(METRICS, basic(login))).status).toBe(401);
    set.prometheusLogin = { user: 'scraper', password: 'a-password' };
    const statuses = await Promise.all(
      ['scraper:a-password', 'scraper:', ':a-password', ':', 'scraper:a-passwort'].map(
        async (login) => (await ask(METRICS, basic(login))).status,
      ),
    );
    expect(statuses).toEqual([200, 401, 401, 401, 401]);
    set.prometheusLogin = null;
  });

  it("is not given to the page's token, which the health token opens nothing of, either", async () => {
    const { ask, clock } = inspected;
    expect([(await ask(METRICS)).status, (await ask(METRICS, { headers: {} })).status]).toEqual([401, 401]);
    expect((await ask('/api/about', bearer)).status).toBe(401);
    clock.advance(60_000);
  });

  it('is turned away after 20 wrong tokens', async () => {
    const { ask, clock } = inspected;
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await ask(METRICS, basic('a:b'))).status);
    expect(statuses).toEqual([...Array(20).fill(401), 429]);
    expect((await ask(METRICS, bearer)).status).toBe(200);
    clock.advance(60_000);
  });
});

describe('the metrics', () => {
  it('count events by type and source, and refusals by reason', async () => {
    const { recorder, push, traffic } = inspected;
    push('EVENT_911', { call: { callId: 1 } });
    push('EVENT_MADE_UP', {});
    traffic.accepted(push('EVENT_UNIT_LOGOUT', { identId: 'x' }));
    recorder.refused('wrong-key');
    const received = (type: string) => readingOf(`sonorancad_events_received_total{type="${type}",source="http"}`);
    expect([await received('EVENT_911'), await received('other')]).toEqual([1, 1]);
    expect(await readingOf('sonorancad_events_refused_total{reason="wrong-key"}')).toBe(1);
    expect(await readingOf('sonorancad_events_not_understood_total')).toBe(1);
  });

  it('measure how long events hold the thread: all together, and the longest time since the last scrape', async () => {
    const { recorder, holds, push, clock } = inspected;
    await scrape();
    recorder.finished(push('EVENT_TONE', {}), 4);
    expect(holds.measure(() => clock.advance(30) ?? 'done')).toBe('done');
    expect(() =>
      holds.measure(() => {
        clock.advance(20);
        throw new Error('it failed');
      }),
    ).toThrow('it failed');
    const text = await scrape();
    expect(text).toContain('sonorancad_dispatch_duration_seconds_bucket{le="0.002"} 0\n');
    expect(text).toContain('sonorancad_dispatch_duration_seconds_bucket{le="0.005"} 1\n');
    expect(text).toContain('sonorancad_longest_hold_seconds 0.03\n');
    expect(await readingOf('sonorancad_longest_hold_seconds')).toBe(0);
  });

  it('tell of each target', async () => {
    const { recorder, set } = inspected;
    const counts = { ...laneOf('bot').counts, lost: 1, lostDeadLetters: 2 };
    set.targets = [
      laneOf('bot', { queued: 5, oldestMs: 1_500, deadLetters: 2, counts, reason: 'connection refused' }),
      laneOf('map'),
    ];
    const report = { id: 'id', type: 'EVENT_911', target: 'bot', attempt: 1, next: 'again', isFailure: true };
    recorder.attempted({ ...report, result: { kind: 'timeout', requestSent: true, ms: 700 } });
    const of = (name: string, more = '') => readingOf(`sonorancad_forward_${name}{target="bot"${more}}`);
    expect(await Promise.all([of('target_up'), of('queue_events'), of('oldest_event_age_seconds')])).toEqual([
      0, 5, 1.5,
    ]);
    expect(await Promise.all([of('dead_letters'), of('lost_events_total')])).toEqual([2, 3]);
    expect(await of('attempts_total', ',outcome="timeout"')).toBe(1);
    expect(await of('attempt_duration_seconds_sum')).toBe(0.7);
    expect(await readingOf('sonorancad_forward_target_up{target="map"}')).toBe(1);
    set.targets = [laneOf('map')];
    expect(await of('queue_events')).toBeUndefined();
  });

  it('tell of the link to the CAD', async () => {
    const { set } = inspected;
    const endpoints = [{ endpoint: 'getUnits', left: 2, perMinute: 3, waiting: 0, underWay: 0 }];
    set.link = { session: { state: 'waiting' }, api: { endpoints } };
    const session = () => Promise.all(['wanted', 'up'].map((name) => readingOf(`sonorancad_session_${name}`)));
    expect(await session()).toEqual([1, 0]);
    expect(await readingOf('sonorancad_api_budget_left_requests{endpoint="getUnits"}')).toBe(2);
    set.link = { session: { state: 'off' }, api: { endpoints: [] } };
    expect(await session()).toEqual([0, 0]);
    set.link = { session: { state: 'open' }, api: { endpoints } };
    expect(await session()).toEqual([1, 1]);
  });

  it('have a bound for each label, whatever comes in', async () => {
    const { recorder, push } = inspected;
    for (let no = 0; no < 300; no += 1) {
      push(`EVENT_MADE_UP_${no}"}\n`, {});
      const report = { id: 'id', type: `T${no}`, target: `t${no}`, attempt: 1, next: '', isFailure: false };
      recorder.attempted({ ...report, result: { kind: 'timeout', requestSent: true, ms: 1 } });
    }
    const lines = (await scrape()).split('\n');
    const linesOf = (name: string) => lines.filter((line) => line.startsWith(`sonorancad_${name}{`)).length;
    expect(linesOf('events_received_total')).toBeLessThan(40);
    expect(linesOf('forward_attempts_total')).toBeLessThanOrEqual(4 * 101);
  });

  (hasPromtool ? it : it.skip)('are as promtool wants them', async () => {
    inspected.set.targets = [laneOf('bot', { queued: 1 })];
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await scrape() });
    expect([status, String(stdout), String(stderr)]).toEqual([0, '', '']);
  });
});

describe('what is built on the metrics', () => {
  const rules = read('examples/monitoring/alert-rules.yml');

  /** @returns the names of all series that are exported, those of histograms among them */
  async function exported(): Promise<Set<string>> {
    inspected.set.targets = [laneOf('bot')];
    const names = [...(await scrape()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    return new Set(names);
  }
  const namesIn = (text: string): string[] => [...new Set(text.match(/\bsonorancad_\w+/g))];

  it('docs/metrics.md lists exactly what is exported, with its type', async () => {
    const types = [...(await scrape()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    const listed = [...read('docs/metrics.md').matchAll(/^\| `(sonorancad_\w+)` \| (\w+) \|/gm)];
    expect(listed.map(([, name, type]) => `${name} ${type}`)).toEqual(types);
  });

  it('the dashboard and the rules ask for nothing else', async () => {
    const known = await exported();
    const dashboard = read('examples/monitoring/grafana-dashboard.json');
    for (const text of [dashboard, rules]) {
      expect(namesIn(text).length).toBeGreaterThan(10);
      expect(namesIn(text).filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('every metric is in the dashboard or has a rule', async () => {
    const asked = namesIn(read('examples/monitoring/grafana-dashboard.json') + rules).map((name) =>
      name.replace(/_bucket$/, ''),
    );
    const listed = [...read('docs/metrics.md').matchAll(/^\| `(sonorancad_\w+)`/gm)].map(([, name]) => name);
    expect(listed.filter((name) => !asked.includes(name ?? ''))).toEqual([]);
  });

  it('docs/metrics.md says what to do for each rule', () => {
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const explained = [...read('docs/metrics.md').matchAll(/^\| `(Sonorancad\w+)`/gm)].map(([, name]) => name);
    expect([explained, alerts.length]).toEqual([alerts, 20]);
  });

  (hasPromtool ? it : it.skip)('the rules and the queries of the dashboard are valid', () => {
    const { panels } = JSON.parse(read('examples/monitoring/grafana-dashboard.json'));
    const queries = panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr));
    const asRules = queries.map(
      (expr: string, no: number) => `      - record: q${no}\n        expr: ${JSON.stringify(expr)}`,
    );
    const input = `groups:\n  - name: dashboard\n    rules:\n${asRules.join('\n')}\n`;
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-'));
    const files = [rules, input].map((text, no) => {
      const file = join(folder, `${no}.yml`);
      writeFileSync(file, text);
      return file;
    });
    const { status, stdout } = spawnSync('promtool', ['check', 'rules', ...files]);
    rmSync(folder, { recursive: true });
    expect([status, String(stdout).match(/SUCCESS/g)]).toEqual([0, ['SUCCESS', 'SUCCESS']]);
  });

  (hasPromtool ? it : it.skip)('SonorancadHoldsTheGame fires for 5 minutes after a single hold of 200 ms', () => {
    const firing = (time: string, count: number) => ({
      expr: 'count(ALERTS{alertname="SonorancadHoldsTheGame",alertstate="firing"}) or vector(0)',
      ...{ eval_time: time, exp_samples: [{ value: count, labels: '{}' }] },
    });
    const scrapes = { series: 'sonorancad_longest_hold_seconds', values: '0.01x40 0.2 0.01x60' };
    const test = {
      rule_files: [join(projectRoot, 'examples/monitoring/alert-rules.yml')],
      evaluation_interval: '15s',
      tests: [
        {
          ...{ interval: '15s', input_series: [scrapes] },
          promql_expr_test: [firing('10m', 0), firing('10m15s', 1), firing('15m', 1), firing('16m', 0)],
        },
      ],
    };
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-'));
    const file = join(folder, 'test.yml');
    writeFileSync(file, JSON.stringify(test));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file]);
    rmSync(folder, { recursive: true });
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});
