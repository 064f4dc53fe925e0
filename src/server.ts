// First: it says in one sentence what is too old, before anything else fails on it.
import './platform/required-versions.ts';
import { createCallerWarnings } from './api/export-calls.ts';
import { createUnitLocator, provideExports } from './api/exports.ts';
import { listenToLogLines, listenToUnservedEvents } from './api/official-events.ts';
import { createCadLink } from './cad/cad-link.ts';
import { createAskHttp, createDoctor, OwnProbe } from './commands/doctor.ts';
import { createDebugSwitch } from './commands/inspect-commands.ts';
import { createOperatorCommand } from './commands/operator-command.ts';
import { createRequests, listenToPlayers } from './commands/players/player-commands.ts';
import { createStatusCommand, describeLink, reportSession } from './commands/status-command.ts';
import { writeFirstFile } from './config/config-file.ts';
import { createConvarPublisher, createLiveConfig } from './config/live-config.ts';
import { loadConfig } from './config/load.ts';
import { secretsIn } from './config/schema.ts';
import { createGame } from './create-game.ts';
import { createKeyRing } from './events/api-keys.ts';
import { EventIntake } from './events/event-intake.ts';
import { ProcessedIds } from './events/processed-ids.ts';
import { SessionReceiver } from './events/session-receiver.ts';
import { Traffic } from './events/traffic.ts';
import { createForwarding, provideForwarding } from './forward/create-forwarding.ts';
import { readHops } from './forward/signed-headers.ts';
import type { NatsClient } from './forward/targets/nats-client.ts';
import type { SimulatedEvent } from './game/dispatch/event-steps.ts';
import { createApp } from './http/app.ts';
import { mountOnCitizenFx } from './http/citizenfx/mount.ts';
import { createPeerLabel } from './http/senders.ts';
import { createInspector, pageAddress } from './inspector/create-inspector.ts';
import { Recorder } from './inspector/history.ts';
import type { PrometheusClient } from './inspector/metrics.ts';
import { createRedaction } from './inspector/redaction.ts';
import { readOwnAddresses } from './lib/addresses.ts';
import { createClock } from './lib/clock.ts';
import type { Problem } from './lib/finding.ts';
import { HoldMeter } from './lib/hold-meter.ts';
import { createCertificateLoader } from './lib/http-request.ts';
import { createLog } from './lib/log.ts';
import { reasonOf } from './lib/text.ts';
import { clientEvents as clients, gameEvents as events, onNetEvent } from './platform/events.ts';
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
import { OfficialResource, OwnResource, otherResources as resources } from './platform/resources.ts';

const own = new OwnResource();
const holds = new HoldMeter();
const clock = createClock(holds.measure);
const official = new OfficialResource(own.name, events);
const convars = createConvarPublisher({ convar: readConvar, write: writeConvar });
const firstFile = writeFirstFile(own);
const live = createLiveConfig(() =>
  loadConfig({
    readFile: (path) => own.readFile(path),
    hasFile: (path) => own.hasFile(path),
    convar: convars.convar,
    firstFile,
  }),
);
const debug = createDebugSwitch(() => live.current().debugMode);
const keys = live.derive(({ apiKeys }) => createKeyRing(apiKeys));
const mask = (text: string): string => keys().mask(text);
const log = createLog({
  write: writeConsoleLine,
  clock,
  isDebug: () => debug.isOn(),
  mask,
});

/** What most parts are made with. */
const base = { config: live.current, version: own.version, clock, log };

/** To be called for every configuration that comes into force. */
function applyConfig(problems: readonly Problem[]): void {
  for (const { level, line } of problems) log[level](line);
  publishConvars();
}
function publishConvars(): void {
  if (official.isRunning()) convars.forget();
  else convars.publish(live.current());
}
if (firstFile?.written) {
  const next = `; when your API key is in it, type "${own.name} reload"`;
  log.info(
    `config.json was written, with a comment on each setting${live.current().apiKeys.length === 0 ? next : ''}.`,
  );
}
applyConfig(live.problems());
official.onChange(() => {
  publishConvars();
  link.apply();
});
raiseRateLimit(own.name);

const address = { port: readGamePort(), resourceName: own.name, addresses: readOwnAddresses() };
const recorder = new Recorder(clock, () => live.current().inspector);
const forwarding = createForwarding({
  ...base,
  own: address,
  store: createKvpStore('forward/'),
  keys,
  attempted: recorder.attempted,
  holds,
  unit: (ident) => state.getUnit(ident),
  loadNats: () => own.requireNats() as NatsClient,
});
provideForwarding(forwarding, events);

const loadCertificates = createCertificateLoader(() => {
  const { apiSendEnabled, apiKeys, alerts } = live.current();
  const isCadAsked = apiSendEnabled && apiKeys.length > 0;
  const addresses = [...forwarding.status().targets.map(({ url }) => url), alerts.discord, alerts.url];
  return isCadAsked || addresses.some((url) => /^(https|nats|tls):/.test(url));
}, clock);

const game = createGame({
  ...base,
  own,
  address,
  live,
  official,
  events,
  clients,
  resources,
  unknownNamed: (what) => link.resync(what),
  watcher: recorder,
});
const { state, players, notifications } = game;

const traffic = new Traffic(clock);
const processedIds = new ProcessedIds({ store: createKvpStore('taken/'), clock });
const intake = new EventIntake({
  processedIds,
  duplicates: { isDuplicate: (received) => link.isRepeat(received) },
  traffic,
  recorder,
  forwarding,
  dispatcher: { enqueue: game.dispatch },
  isForwarding: () => live.current().enablePushEventForwarding,
  log,
});
function simulate(event: SimulatedEvent): void {
  recorder.simulated(event);
  game.dispatch(event);
}

const sessionReceiver = new SessionReceiver({
  keys,
  sessionKey: () => live.current().apiKeys[0] ?? '',
  intake,
  holds,
  log,
  clock,
});
const link = createCadLink({
  ...base,
  configFault: live.fault,
  own: address,
  isBesideOfficial: () => official.isRunning(),
  receive: (payload) => sessionReceiver.receive(payload),
  known: state,
  echo: game.applyLocalEcho,
  hasPlayers: players.any,
  askUnits: game.askUnits,
  askCalls: game.askCalls,
  store: createKvpStore('registration/'),
});

const requests = createRequests({
  ...base,
  request: link.request,
  isAsking: link.isAsking,
  emit: events.emit,
  caller: events.caller,
  state,
  players,
  audience: game.audience,
  hasAce: game.hasAce,
  tell: notifications.reply,
  send: clients.send,
});
listenToUnservedEvents({ events, onNet: onNetEvent, isOfficialRunning: () => official.isRunning(), log });
listenToLogLines({ events, isOfficialRunning: () => official.isRunning(), log });
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
  cadVersion: link.plan,
  refreshUnits: () => link.resync('units'),
  request: link.request,
  isLinked: requests.linking.isLinked,
  linkOf: requests.linkOf,
  sendUnitLocations: link.sendUnitLocations,
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
  checkCad: link.check,
  session: () => reportSession(link.status().session),
  forwarding: () => forwarding.status().targets,
  idleBecause: forwarding.idleBecause,
});
/** What both the command and the page show and steer. */
const shown = {
  ...base,
  traffic,
  forwarding,
  state,
  players,
  live,
  isNotifying: () => !official.isRunning(),
  actsAsOfficial: game.actsAsOfficial,
  emitsLegacy: game.emitsLegacy,
  isStarted: resources.isStarted,
  dispatch: simulate,
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
  link: link.status,
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
  answerHttpEvent: game.answerHttpEvent,
  healthToken,
  healthDetails() {
    const details = { forwarding: forwarding.status(), link: link.status(), received: traffic.report() };
    return JSON.parse(JSON.stringify(details, (_, value) => (typeof value === 'string' ? mask(value) : value)));
  },
  peerLabel,
  routes: inspector.routes,
});
const stopReceiving = mountOnCitizenFx(app.callback(), {
  report: (error) => log.coalesce({ reason: reasonOf(error) }).error('A request could not be served.'),
});

const command = createOperatorCommand({
  ...shown,
  name: own.name,
  reloaded(problems) {
    debug.set(null);
    applyConfig(problems);
    game.applyConfig();
    forwarding.applyConfig();
    loadCertificates();
    link.apply();
    inspector.applyConfig();
  },
  debug,
  status,
  register: link.register,
  inspector: { ...inspector, address: () => pageAddress(link.status().verdict?.url ?? null, address) },
  write: (line) => writeCommandLine(mask(line)),
  clients,
});
registerCommand(own.name, command);

events.on('onResourceStop', (name) => {
  if (name !== own.name) {
    game.resourceStopped(String(name));
    return;
  }
  inspector.stop();
  stopReceiving();
  processedIds.stop();
  link.stop();
  game.stop();
  forwarding.stop();
  log.stop();
});
events.on('onResourceStart', game.resourceStarted);
events.nextTick(() => {
  game.start();
  loadCertificates();
  link.start();
  inspector.start();
});

log.info(
  `sonorancad ${own.version} receives push events at http://<this server>:${address.port}/${own.name}/event (not affiliated with Sonoran Software Systems)`,
);
