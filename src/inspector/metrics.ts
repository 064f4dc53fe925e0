import { Buffer } from 'node:buffer';
import type * as prometheus from 'prom-client';
import type { LinkStatus } from '../cad/cad-link.ts';
import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import type { Traffic } from '../events/traffic.ts';
import type { Forwarding } from '../forward/forwarding.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Route } from '../http/app.ts';
import { credentialsOf, isSameText } from '../http/senders.ts';
import type { HoldMeter } from '../lib/hold-meter.ts';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';
import type { Requester, WrongTokens } from './access.ts';
import type { Measurements } from './measurements.ts';

/** What is used of the client of Prometheus, as `scripts/build/bundle.ts` names it. */
export type PrometheusClient = Pick<typeof prometheus, 'Counter' | 'Gauge' | 'Histogram' | 'Registry'>;

interface MetricsOptions {
  readonly version: string;
  /** Loads the library, which takes longer to load than the resource itself: called once, at the first scrape. */
  loadPrometheus(): PrometheusClient;
  readonly log: Log;
  readonly measurements: Measurements;
  readonly holds: HoldMeter;
  forwarding(): ReturnType<Forwarding['status']>;
  link(): Pick<LinkStatus, 'session' | 'api'>;
  readonly state: StateView;
  readonly players: Pick<Players, 'sources'>;
  readonly traffic: Pick<Traffic, 'report'>;
}

/** From a tenth of a millisecond to what players feel. */
const DISPATCH_BUCKETS = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.15];
const ATTEMPT_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const seconds = (ms: number): number => ms / 1_000;

/**
 * What Prometheus scrapes. All labels are bounded: types are the catalogue's, the other words are ours, and targets and endpoints are
 * counted.
 */
function createMetrics(options: MetricsOptions, { Counter, Gauge, Histogram, Registry }: PrometheusClient) {
  const registry = new Registry();
  const { measurements, state, players } = options;
  const shared = { registers: [registry] };

  type Row = readonly [labels: Readonly<Record<string, string>>, value: number];

  /** Adds a metric that is read when it is scraped. */
  function gauge(name: string, help: string, labelNames: string[], rows: () => Row[]): void {
    new Gauge({
      ...{ ...shared, name: `sonorancad_${name}`, help, labelNames },
      collect() {
        this.reset();
        for (const [labels, value] of rows()) this.set(labels, value);
      },
    });
  }
  /** As `gauge`, of what only grows. */
  function counter(name: string, help: string, labelNames: string[], rows: () => Row[]): void {
    new Counter({
      ...{ ...shared, name: `sonorancad_${name}`, help, labelNames },
      collect() {
        this.reset();
        for (const [labels, value] of rows()) this.inc(labels, value);
      },
    });
  }
  const oneGauge = (name: string, help: string, value: () => number) => gauge(name, help, [], () => [[{}, value()]]);
  const eachTarget = (add: typeof gauge, name: string, help: string, value: (target: Target) => number) =>
    add(name, help, ['target'], () =>
      options.forwarding().targets.map((target) => [{ target: target.target }, value(target)]),
    );

  gauge('build_info', 'Always 1; its label is the version of sonorancad.', ['version'], () => [
    [{ version: options.version }, 1],
  ]);
  counter('events_received_total', 'Push events received, by type and by how they came in.', ['type', 'source'], () =>
    measurements.totals().events.map(({ type, source, count }) => [{ type, source }, count]),
  );
  counter('events_refused_total', 'Requests that were no event, by reason.', ['reason'], () =>
    measurements.totals().refused.map(({ reason, count }) => [{ reason }, count]),
  );
  counter('events_not_understood_total', 'Push events whose data was not understood.', [], () => [
    [{}, options.traffic.report().unreadable],
  ]);
  const dispatch = new Histogram({
    ...shared,
    name: 'sonorancad_dispatch_duration_seconds',
    help: "How long an event held the game's thread while it was dispatched.",
    buckets: DISPATCH_BUCKETS,
  });
  oneGauge(
    'longest_hold_seconds',
    "The longest time that the resource held the game's thread in one go since the last scrape.",
    () => seconds(options.holds.takeLongest()),
  );
  eachTarget(gauge, 'forward_target_up', '1 while a target answers as it should, else 0.', isUp);
  eachTarget(gauge, 'forward_queue_events', 'Events that wait for a target.', ({ queued }) => queued);
  eachTarget(
    gauge,
    'forward_oldest_event_age_seconds',
    'Age of the oldest event that waits for a target, 0 when none waits.',
    ({ oldestMs }) => seconds(oldestMs ?? 0),
  );
  counter('forward_attempts_total', 'Requests to targets, by outcome.', ['target', 'outcome'], () =>
    measurements.totals().attempts.map(({ target, outcome, count }) => [{ target, outcome }, count]),
  );
  const attempts = new Histogram({
    ...shared,
    name: 'sonorancad_forward_attempt_duration_seconds',
    help: 'How long requests to targets took.',
    labelNames: ['target'],
    buckets: ATTEMPT_BUCKETS,
  });
  eachTarget(
    gauge,
    'forward_dead_letters',
    'Events that were given up on, and are kept.',
    ({ deadLetters }) => deadLetters,
  );
  eachTarget(
    counter,
    'forward_lost_events_total',
    'Events and dead letters that are lost.',
    ({ counts }) => counts.lost + counts.lostDeadLetters,
  );
  oneGauge('store_up', '1 while the database keeps what is written to it, else 0.', () => {
    const { store } = options.forwarding();
    return store.broken || store.unusedBecause !== null ? 0 : 1;
  });
  oneGauge('session_wanted', '1 where a session with the CAD is to be held, else 0.', () =>
    options.link().session.state === 'off' ? 0 : 1,
  );
  oneGauge('session_up', '1 while the session with the CAD is open, else 0.', () =>
    options.link().session.state === 'open' ? 1 : 0,
  );
  gauge('api_budget_left_requests', "Requests that the CAD's API still takes this minute.", ['endpoint'], () =>
    options.link().api.endpoints.map(({ endpoint, left }) => [{ endpoint }, left]),
  );
  oneGauge('units', 'Units that are signed in.', () => state.units().length);
  oneGauge(
    'dispatch_calls',
    'Dispatch calls that are open.',
    () => state.callEntries().filter((call) => call.dispatch.status !== CLOSED_CALL).length,
  );
  oneGauge('emergency_calls', '911 calls that wait.', () => state.emergencyCalls().length);
  oneGauge('players_connected', 'Players on the server.', () => [...players.sources()].length);
  oneGauge('players_matched', 'Players who are a signed-in unit.', () => new Set(state.playersInCad()).size);

  measurements.watcher = {
    dispatched: (ms) => dispatch.observe(seconds(ms)),
    attempted: (target, ms) => attempts.observe({ target }, seconds(ms)),
  };
  return registry;
}

type Target = ReturnType<Forwarding['status']>['targets'][number];

const isUp = ({ reason, state }: Target): number => (reason === null && state !== 'parked' ? 1 : 0);

export interface MetricsRouteOptions extends MetricsOptions {
  /** The token in force; null when there is none. */
  healthToken(): string | null;
  /** The game server's own login for Prometheus, both parts of it; null where one of them is empty. */
  prometheusLogin(): { readonly user: string; readonly password: string } | null;
  readonly wrong: WrongTokens;
}

const TO_OPEN =
  'Metrics are opened by healthToken (Authorization: Bearer), or by sv_prometheusBasicAuthUser and sv_prometheusBasicAuthPassword.\n';

const UNAVAILABLE =
  'Metrics are unavailable: the Prometheus client could not be loaded. Install this resource again and restart it.';

/** @returns the metrics; null when their library cannot be loaded, which is reported */
function openRegistry(options: MetricsOptions): ReturnType<typeof createMetrics> | null {
  let client: PrometheusClient;
  try {
    client = options.loadPrometheus();
  } catch (error) {
    options.log.error(UNAVAILABLE, { reason: reasonOf(error) });
    return null;
  }
  return createMetrics(options, client);
}

/** @returns `GET /metrics`, in Prometheus' text format */
export function createMetricsRoute(options: MetricsRouteOptions): Route {
  const { healthToken, prometheusLogin, wrong } = options;
  /** Undefined before the first scrape. */
  let registry: ReturnType<typeof openRegistry> | undefined;

  function isTrusted(authorization: string): boolean {
    const token = healthToken();
    const bearer = credentialsOf(authorization, 'Bearer');
    if (bearer !== null) return token !== null && isSameText(bearer, token);
    const login = prometheusLogin();
    const basic = credentialsOf(authorization, 'Basic');
    if (basic === null || login === null) return false;
    return isSameText(Buffer.from(basic, 'base64').toString(), `${login.user}:${login.password}`);
  }

  /** @returns the status that a request is refused with; null when it is served */
  function refuse({ authorization, address }: Requester): 401 | 429 | null {
    if (isTrusted(authorization)) return null;
    return authorization !== '' && wrong.count(address) === 'too-many' ? 429 : 401;
  }

  return {
    method: 'get',
    path: '/metrics',
    async handle(context) {
      const { authorization = '' } = context.req.headers;
      const refusal = refuse({ authorization, address: context.req.socket.remoteAddress ?? '' });
      context.set('Cache-Control', 'no-store');
      context.type = 'text/plain; charset=utf-8';
      if (refusal !== null) {
        context.status = refusal;
        if (refusal === 401) context.set('WWW-Authenticate', 'Basic realm="sonorancad", Bearer');
        context.body = TO_OPEN;
        return;
      }
      if (registry === undefined) registry = openRegistry(options);
      if (registry === null) {
        context.status = 503;
        context.body = `${UNAVAILABLE}\n`;
        return;
      }
      context.set('Content-Type', registry.contentType);
      context.body = await registry.metrics();
    },
  };
}
