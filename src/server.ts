// First: it says in one sentence what is too old, before anything else fails on it.
import './platform/required-versions.ts';
import { createCallerWarnings } from './api/export-calls.ts';
import { createUnitLocator, provideExports } from './api/exports.ts';
import { listenToLogLines, listenToUnservedEvents } from './api/official-events.ts';
import { CadLink } from './cad/cad-link.ts';
import { createAskHttp, createDoctor, OwnProbe } from './commands/doctor.ts';
import { createOperatorCommand } from './commands/operator-command.ts';
import { createRequests, listenToPlayers } from './commands/players/player-commands.ts';
import { createStatusCommand, describeLink, reportSession } from './commands/status-command.ts';
import { writeFirstFile } from './config/config-file.ts';
import { createConvarPublisher, createLiveConfig } from './config/live-config.ts';
import { loadConfig } from './config/load.ts';
import { secretsIn } from './config/schema.ts';
import { createKeyRing } from './events/api-keys.ts';
import { EventIntake } from './events/event-intake.ts';
import { ProcessedIds } from './events/processed-ids.ts';
import { SessionReceiver } from './events/session-receiver.ts';
import { Traffic } from './events/traffic.ts';
import { Forwarding, provideForwarding } from './forward/forwarding.ts';
import { readHops } from './forward/signed-headers.ts';
import type { NatsClient } from './forward/targets/nats-client.ts';
import type { SimulatedEvent } from './game/dispatch/event-steps.ts';
import { Game } from './game.ts';
import { createApp } from './http/app.ts';
import { mountOnCitizenFx } from './http/citizenfx/mount.ts';
import { createPeerLabel } from './http/senders.ts';
import { createInspector, pageAddress } from './inspector/create-inspector.ts';
import { Recorder } from './inspector/history.ts';
import type { PrometheusClient } from './inspector/metrics.ts';
import { createRedaction } from './inspector/redaction.ts';
import { readOwnAddresses } from './lib/addresses.ts';
import { createClock } from './lib/clock.ts';
import { HoldMeter } from './lib/hold-meter.ts';
import { CertificateLoader } from './lib/http-request.ts';
import { createLog, DebugSwitch } from './lib/log.ts';
import { reasonOf } from './lib/text.ts';
import { createClientEvents, createGameEvents, onNetEvent } from './platform/events.ts';
import {
  raiseRateLimit,
  readConvar,
  readGamePort,
  readPrometheusLogin,
  registerCommand,
  writeCommandLine,
  writeConsoleLine,
  writeConvar,
} from './platform/game-server.ts';
import { createKvpStore } from './platform/kvp-store.ts';
import { createOfficialResource, createOtherResources, readOwnResource } from './platform/resources.ts';

/** A part of the resource, made with what it needs. The list at the end of this file runs these three in order. */
interface Part {
  start?(): void;
  /** Takes the configuration that has just come into force. */
  applyConfig?(): void;
  stop?(): void;
}

const own = readOwnResource();
const holds = new HoldMeter();
const clock = createClock(holds.measure);
const events = createGameEvents();
const clients = createClientEvents();
const resources = createOtherResources();
const official = createOfficialResource(own.name, events);

const convars = createConvarPublisher({ convar: readConvar, write: writeConvar });
const firstFile = writeFirstFile(own);
const live = createLiveConfig(() => loadConfig({ ...own, convar: convars.convar, firstFile }));
const debug = new DebugSwitch(() => live.current().debugMode);
const keys = live.derive(({ apiKeys }) => createKeyRing(apiKeys));
const mask = (text: string): string => keys().mask(text);
const log = createLog({ write: writeConsoleLine, clock, isDebug: debug.isOn, mask });
const settings = {
  applyConfig(): void {
    for (const { level, line } of live.problems()) log[level](line);
    this.publishConvars();
  },
  /** The official resource publishes these convars itself while it runs. */
  publishConvars(): void {
    if (official.isRunning()) convars.forget();
    else convars.publish(live.current());
  },
};
if (firstFile?.written) logFirstFile();
settings.applyConfig();
raiseRateLimit(own.name);

/** What most parts are made with. */
const base = { config: live.current, version: own.version, clock, log };
const address = { port: readGamePort(), resourceName: own.name, addresses: readOwnAddresses() };
const recorder = new Recorder(clock, () => live.current().inspector);
const game = new Game({ ...base, own, address, live, official, events, clients, resources, watcher: recorder });
const { state, players, notifications } = game;

const forwarding = new Forwarding({
  ...base,
  own: address,
  store: createKvpStore('forward/'),
  keys,
  attempted: recorder.attempted,
  holds,
  unit: (ident) => state.getUnit(ident),
  call: (callId) => state.getCall(callId),
  loadNats: () => own.requireNats() as NatsClient,
});
provideForwarding(forwarding, events);

const link = new CadLink({
  ...base,
  configFault: live.fault,
  own: address,
  isBesideOfficial: official.isRunning,
  known: state,
  echo: (event) => game.applyLocalEcho(event),
  hasPlayers: () => players.any(),
  beginUnitResync: () => game.beginUnitResync(),
  beginCallResync: () => game.beginCallResync(),
  store: createKvpStore('registration/'),
});
game.onUnknown((what) => link.resync(what));

const traffic = new Traffic(clock);
const processedIds = new ProcessedIds({ store: createKvpStore('taken/'), clock });
const intake = new EventIntake({
  processedIds,
  duplicates: link.duplicates,
  traffic,
  recorder,
  forwarding,
  dispatcher: game.dispatcher,
  isForwarding: () => live.current().enablePushEventForwarding,
  log,
});
const sessionKey = () => live.current().apiKeys[0] ?? '';
const sessionReceiver = new SessionReceiver({ keys, sessionKey, intake, holds, log, clock });
link.onPayload(sessionReceiver.receive);

const certificates = new CertificateLoader({
  isNeeded() {
    const { apiSendEnabled, apiKeys, alerts } = live.current();
    const isCadAsked = apiSendEnabled && apiKeys.length > 0;
    const addresses = [...forwarding.status().targets.map(({ url }) => url), alerts.discord, alerts.url];
    return isCadAsked || addresses.some((url) => /^(https|nats|tls):/.test(url));
  },
  clock,
});

const requests = createRequests({
  ...base,
  request: link.request,
  isAsking: () => link.isAsking(),
  emit: events.emit,
  caller: events.caller,
  state,
  players,
  audience: game.audience,
  hasAce: game.hasAce,
  tell: notifications.reply,
  send: clients.send,
});
listenToUnservedEvents({ events, onNet: onNetEvent, isOfficialRunning: official.isRunning, log });
listenToLogLines({ events, isOfficialRunning: official.isRunning, log });
listenToPlayers({ requests, notifications, official, config: live.current(), events });

const warnings = createCallerWarnings(log, own.name);
provideExports({
  ...base,
  events,
  state,
  players,
  warnings,
  audience: game.audience,
  located: createUnitLocator(state, players),
  communityId: () => live.current().communityID,
  serverId: () => live.current().serverId,
  cadVersion: () => link.plan(),
  refreshUnits: () => link.resync('units'),
  request: link.request,
  isLinked: requests.linking.isLinked,
  linkOf: requests.linkOf,
  sendUnitLocations: (updates) => link.sendUnitLocations(updates),
  apiKeys: () => live.current().apiKeys,
  nearestPostal: notifications.nearestPostal,
  setUnitStatus: requests.setUnitStatus,
  onNet: onNetEvent,
});

const probe = new OwnProbe();
const doctor = createDoctor({
  own: address,
  probe,
  ask: createAskHttp(clock),
  problems: () => [...live.problems(), ...forwarding.problems()],
  keys: () => live.current().apiKeys,
  checkCad: () => link.check(),
  session: () => reportSession(link.status().session),
  forwarding: () => forwarding.status().targets,
  idleBecause: () => forwarding.idleBecause(),
});
/** What both the operator's command and the page show and control. */
const shown = {
  ...base,
  traffic,
  forwarding,
  state,
  players,
  live,
  isNotifying: () => !official.isRunning(),
  actsAsOfficial: () => game.actsAsOfficial(),
  emitsLegacy: () => game.emitsLegacy(),
  isStarted: resources.isStarted,
  dispatch(event: SimulatedEvent): void {
    recorder.simulated(event);
    game.dispatcher.enqueue(event);
  },
  more: () => describeLink(link.status(), clock.now()),
  doctor,
};
const status = createStatusCommand(shown);
const healthToken = live.derive((config) => (config.healthToken === '' ? null : config.healthToken));
const peerLabel = live.derive(({ trustedProxies }) => createPeerLabel(trustedProxies));
const inspector = createInspector({
  ...shown,
  recorder,
  holds,
  resourceName: own.name,
  isEnabled: () => live.current().inspector,
  readPage: () => own.readFile('resource/inspector.html'),
  apiKeys: () => live.current().apiKeys,
  keys,
  redaction: live.derive((config) => createRedaction(keys(), () => secretsIn(config))),
  healthToken,
  prometheusLogin: readPrometheusLogin,
  loadPrometheus: () => own.requirePrometheus() as PrometheusClient,
  peerLabel,
  link: () => link.status(),
  statusLabels: () => live.current().statusLabels,
  alertAddresses: () => live.current().alerts,
  status: status.run,
  config: live.shown,
});

const app = createApp({
  ...base,
  keys,
  intake,
  holds,
  isOwnProbe: (raw) => probe.isIn(raw),
  readHops,
  answerHttpEvent: (type, body) => game.httpEvents.answer(type, body),
  healthToken,
  healthDetails: () => ({ forwarding: forwarding.status(), link: link.status(), received: traffic.report() }),
  mask,
  peerLabel,
  routes: inspector.routes,
});
const httpPort = mountOnCitizenFx(app.callback(), {
  report: (error) => log.coalesce({ reason: reasonOf(error) }).error('A request could not be served.'),
});

const command = createOperatorCommand({
  ...shown,
  name: own.name,
  applyConfig,
  debug,
  status,
  register: () => link.register(),
  inspector: { ...inspector, address: () => pageAddress(link.status().verdict?.url ?? null, address) },
  write: (line) => writeCommandLine(mask(line)),
  clients,
});
registerCommand(own.name, command);

/** The life of every part. The log comes last: others write to it while they stop. */
const parts: readonly Part[] = [
  debug,
  settings,
  inspector,
  httpPort,
  processedIds,
  game,
  certificates,
  link,
  forwarding,
  log,
];
events.nextTick(() => {
  for (const part of parts) part.start?.();
});
function applyConfig(): void {
  for (const part of parts) part.applyConfig?.();
}
events.on('onResourceStop', (name) => {
  if (name === own.name) for (const part of parts) part.stop?.();
});
official.onChange(() => {
  settings.publishConvars();
  link.applyConfig();
});

log.info(
  `sonorancad ${own.version} receives push events at http://<this server>:${address.port}/${own.name}/event (not affiliated with Sonoran Software Systems)`,
);

function logFirstFile(): void {
  const hasKey = live.current().apiKeys.length > 0;
  if (hasKey) log.info('config.json was written, with a comment on each setting.');
  else log.info(`config.json was written. Put your API key into it, then type "${own.name} reload".`);
}
