import { isIPv4 } from 'node:net';
import { URL } from 'node:url';
import type { LinkStatus } from '../cad/cad-link.ts';
import { catalogue } from '../events/catalogue/catalogue.ts';
import type { OwnAddress } from '../forward/targets/target-addresses.ts';
import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { Route } from '../http/app.ts';
import { hostInUrl } from '../lib/addresses.ts';
import type { OwnResource } from '../platform/resources.ts';
import { Access, WrongTokens } from './access.ts';
import { Alerts, type AlertsOptions, createConditions } from './alerts.ts';
import type { About, ConfigView } from './api-types.ts';
import { DeliveryApi, type DeliveryApiOptions } from './delivery-api.ts';
import { EventApi, type EventApiOptions } from './event-api.ts';
import { Cursors, EventSummaries, type SummariesOptions } from './event-views.ts';
import type { Recorder } from './history.ts';
import { createMetricsRoute, type MetricsRouteOptions, type PrometheusClient } from './metrics.ts';
import { type Answering, createPageRoutes, type RoutesOptions } from './routes.ts';
import { type HealthOptions, HealthView, type NowOptions, viewNow } from './server-views.ts';
import { Streams } from './streams.ts';

/** The parts of the resource that the page shows and steers. */
interface InspectorParts
  extends Pick<MetricsRouteOptions, 'version' | 'healthToken' | 'prometheusLogin' | 'traffic' | 'log'>,
    Pick<RoutesOptions, 'holds' | 'redaction' | 'peerLabel'>,
    Pick<SummariesOptions, 'keys'>,
    Pick<DeliveryApiOptions, 'forwarding'>,
    Pick<HealthOptions, 'clock'> {
  readonly own: Pick<OwnResource, 'name' | 'readFile' | 'requirePrometheus'>;
  readonly address: OwnAddress;
  readonly recorder: Recorder;
  readonly live: {
    current(): InspectorConfig;
    /** The configuration in force without its secrets. */
    shown(): ConfigView;
  };
  readonly game: Pick<NowOptions, 'state' | 'players'> & {
    dispatchSimulated: EventApiOptions['dispatch'];
  };
  readonly link: { status(): Pick<LinkStatus, 'session' | 'verdict' | 'api'> };
  readonly doctor: { examine: HealthOptions['doctor'] };
  readonly status: { run: HealthOptions['status'] };
}

/** The settings that the page and its alerts read. */
interface InspectorConfig {
  readonly inspector: boolean;
  readonly apiKeys: readonly string[];
  readonly statusLabels: readonly string[];
  readonly alerts: ReturnType<AlertsOptions['addresses']>;
}

export type Inspector = ReturnType<typeof createInspector>;

/**
 * @param listener where the CAD sends events, as far as that is known
 * @returns where the page is, with a slash at its end
 */
function pageAddress(listener: string | null, own: OwnAddress): string {
  const path = `/${own.resourceName}/`;
  if (listener !== null && URL.canParse(listener)) return new URL(path, listener).href;
  const host = own.addresses.find((address) => isIPv4(address) && !address.startsWith('127.')) ?? '127.0.0.1';
  return `http://${hostInUrl(host)}:${own.port}${path}`;
}

/** The operator's page with its API, and the metrics. */
export function createInspector(parts: InspectorParts) {
  const { own, address, recorder, version, redaction, live, game, link, doctor, status, clock } = parts;
  const resourceName = own.name;
  const apiKeys = () => live.current().apiKeys;
  const isEnabled = () => live.current().inspector;
  const options = {
    ...parts,
    resourceName,
    isEnabled,
    state: game.state,
    players: game.players,
    statusLabels: () => live.current().statusLabels,
    link: () => link.status(),
    doctor: () => doctor.examine(),
    status: () => status.run(),
    dispatch: (simulated: SimulatedEvent) => game.dispatchSimulated(simulated),
    readPage: () => own.readFile('resource/inspector.html'),
    loadPrometheus: () => own.requirePrometheus() as PrometheusClient,
  };
  const { history, measurements } = recorder;
  let keysInForce = apiKeys().join();
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
    addresses: () => live.current().alerts,
    conditions: createConditions({ ...options, name: resourceName, forwarding: () => options.forwarding.status() }),
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
    'GET /api/config': () => live.shown(),
  };

  const routes: Route[] = [
    ...createPageRoutes({ ...options, api, access }),
    createMetricsRoute({ ...options, measurements, forwarding: () => options.forwarding.status(), wrong }),
  ];

  return {
    routes,
    events,
    /** Where the page is, as far as that is known. Ends with a slash. */
    address: () => pageAddress(link.status().verdict?.url ?? null, address),
    /** Makes a link's token, which ends the one before. */
    open: () => access.open(),
    /** Ends the link in force. @returns whether there was one */
    close: () => access.close(),
    /** To be called when the configuration was read again. */
    applyConfig(): void {
      if (!isEnabled()) access.close();
      // What came in by other keys could show them.
      if (!isEnabled() || keysInForce !== apiKeys().join()) history.clear();
      keysInForce = apiKeys().join();
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
