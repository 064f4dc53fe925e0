import { isIPv4 } from 'node:net';
import { URL } from 'node:url';
import { catalogue } from '../events/catalogue/catalogue.ts';
import type { KeyRing } from '../events/key-ring.ts';
import type { Forwarding } from '../forward/create-forwarding.ts';
import type { OwnAddress } from '../forward/targets/target-addresses.ts';
import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/tables.ts';
import type { Route } from '../http/app.ts';
import type { PeerLabel } from '../http/senders.ts';
import { hostInUrl } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { Finding } from '../lib/finding.ts';
import type { Log } from '../lib/log.ts';
import { Access, WrongTokens } from './access.ts';
import { Alerts, createConditions } from './alerts.ts';
import type { About, ConfigView } from './api-types.ts';
import { DeliveryApi } from './delivery-api.ts';
import { EventApi } from './event-api.ts';
import { Cursors, EventSummaries } from './event-views.ts';
import type { Recorder } from './history.ts';
import { createMetricsRoute, type MetricsOptions } from './metrics.ts';
import type { Redaction } from './redaction.ts';
import { type Answering, createPageRoutes } from './routes.ts';
import { HealthView, viewNow } from './server-views.ts';
import { Streams } from './streams.ts';

export interface InspectorOptions extends Pick<MetricsOptions, 'link' | 'traffic' | 'loadPrometheus'> {
  readonly recorder: Recorder;
  /** The resource's folder. */
  readonly resourceName: string;
  readonly version: string;
  isEnabled(): boolean;
  readPage(): string | null;
  apiKeys(): readonly string[];
  keys(): KeyRing;
  redaction(): Redaction;
  healthToken(): string | null;
  prometheusLogin(): { readonly user: string; readonly password: string } | null;
  peerLabel(): PeerLabel;
  readonly forwarding: Pick<Forwarding, 'status' | 'idleBecause' | 'newestDeadLetters' | 'replay' | 'drop' | 'retry'>;
  readonly state: StateView;
  readonly players: Pick<Players, 'sources'>;
  statusLabels(): readonly string[];
  /** Where alerts go; '' for nowhere. */
  alertAddresses(): { readonly discord: string; readonly url: string };
  doctor(): Promise<readonly Finding[]>;
  /** What `status` says, a line each. */
  status(): readonly string[];
  config(): ConfigView;
  /** Hands a simulated event to the game, and to nothing else. */
  dispatch(simulated: SimulatedEvent): void;
  readonly clock: Clock;
  readonly log: Log;
}

export type Inspector = ReturnType<typeof createInspector>;

/**
 * @param listener where the CAD sends events, as far as that is known
 * @returns where the page is, with a slash at its end
 */
export function pageAddress(listener: string | null, own: OwnAddress): string {
  const path = `/${own.resourceName}/`;
  if (listener !== null && URL.canParse(listener)) return new URL(path, listener).href;
  const host = own.addresses.find((address) => isIPv4(address) && !address.startsWith('127.')) ?? '127.0.0.1';
  return `http://${hostInUrl(host)}:${own.port}${path}`;
}

/** The operator's page with its API, and the metrics. */
export function createInspector(options: InspectorOptions) {
  const { recorder, resourceName, version, redaction, clock } = options;
  const { history, measurements } = recorder;
  let keysInForce = options.apiKeys().join();
  const startedAt = clock.now();
  const cursors = new Cursors(startedAt);
  const summaries = new EventSummaries(options);
  const streams = new Streams({ history, cursors, redaction, summaries, clock });
  const wrong = new WrongTokens(clock);
  const access = new Access(clock, wrong, () => streams.end());
  const events = new EventApi({ ...options, history, cursors, streams, summaries });
  const delivery = new DeliveryApi({ ...options, measurements });
  const health = new HealthView(options);
  const alerts = new Alerts({
    addresses: options.alertAddresses,
    conditions: createConditions({ ...options, name: resourceName, forwarding: options.forwarding.status }),
    ...{ resourceName, clock, log: options.log },
  });

  const about = (): About => ({
    resource: resourceName,
    version,
    now: clock.now(),
    startedAt,
    expiresAt: access.expiresAt ?? clock.now(),
    types: Object.keys(catalogue),
  });

  const api: Readonly<Record<string, Answering>> = {
    'GET /api/about': about,
    'GET /api/events': (request) => events.list(request),
    'GET /api/stream': (request) => events.stream(request),
    'GET /api/events/:param': (request) => events.detail(request),
    'GET /api/events/:param/payload': (request) => events.payload(request),
    'GET /api/events/:param/curl': (request) => events.curl(request),
    'POST /api/events/:param/again': (request) => events.again(request),
    'GET /api/delivery': () => delivery.look(),
    'POST /api/targets/:param/retry': (request) => delivery.retry(request),
    'GET /api/dead-letters': (request) => delivery.deadLetters(request),
    'POST /api/dead-letters/replay': (request) => delivery.replay(request),
    'POST /api/dead-letters/drop': (request) => delivery.drop(request),
    'GET /api/series': () => measurements.series(),
    'GET /api/now': () => viewNow(options),
    'GET /api/health': () => health.show(),
    'POST /api/health/look': () => health.lookAgain(),
    'GET /api/config': options.config,
  };

  const routes: Route[] = [
    ...createPageRoutes({ ...options, holding: recorder.holding, api, access }),
    createMetricsRoute({ ...options, measurements, forwarding: options.forwarding.status, wrong }),
  ];

  return {
    routes,
    events,
    /** Makes a link's token, which ends the one before. */
    open: () => access.open(),
    /** Ends the link in force. @returns whether there was one */
    close: () => access.close(),
    /** To be called when the configuration was read again. */
    applyConfig(): void {
      if (!options.isEnabled()) access.close();
      // What came in by other keys could show them.
      if (!options.isEnabled() || keysInForce !== options.apiKeys().join()) history.clear();
      keysInForce = options.apiKeys().join();
      alerts.apply();
    },
    /** To be called once, when all parts run. */
    start: () => alerts.apply(),
    stop(): void {
      streams.end();
      alerts.stop();
    },
    /** Sends an alert that says that it is a test. @returns what came of it */
    testAlert: () => alerts.test(),
  };
}
