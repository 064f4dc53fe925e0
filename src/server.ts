// First: it says in one sentence what is too old, before anything else fails on it.
import './platform/required-versions.ts';
import { provideExports } from './api/exports.ts';
import { listenToLogLines, listenToUnservedEvents } from './api/official-events.ts';
import { CadLink } from './cad/cad-link.ts';
import { Doctor } from './commands/doctor.ts';
import { createOperatorCommand } from './commands/operator-command.ts';
import { listenToPlayers, PlayerRequests } from './commands/players/player-commands.ts';
import { StatusCommand } from './commands/status-command.ts';
import { ConfigAnnouncer } from './config/config-announcer.ts';
import { writeFirstFile } from './config/config-file.ts';
import { createConvarPublisher, createLiveConfig } from './config/live-config.ts';
import { loadConfig } from './config/load.ts';
import { secretsIn } from './config/schema.ts';
import { usesTls } from './config/uses-tls.ts';
import { createKeyRing } from './events/api-keys.ts';
import { EventIntake } from './events/event-intake.ts';
import { ProcessedIds } from './events/processed-ids.ts';
import { SessionReceiver } from './events/session-receiver.ts';
import { Traffic } from './events/traffic.ts';
import { Forwarding, provideForwarding } from './forward/forwarding.ts';
import { readHops } from './forward/signed-headers.ts';
import type { NatsClient } from './forward/targets/nats-client.ts';
import { Game } from './game.ts';
import { createApp } from './http/app.ts';
import { mountOnCitizenFx } from './http/citizenfx/mount.ts';
import { createPeerLabel } from './http/senders.ts';
import { createInspector } from './inspector/create-inspector.ts';
import { Recorder } from './inspector/history.ts';
import { createRedaction } from './inspector/redaction.ts';
import { readOwnAddresses } from './lib/addresses.ts';
import { createClock } from './lib/clock.ts';
import { HoldMeter } from './lib/hold-meter.ts';
import { CertificateLoader } from './lib/http-request.ts';
import { createLog, DebugSwitch } from './lib/log.ts';
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

/** A part of the resource, made with what it needs. The list at the end of this file runs these three in order. */
interface Part {
  start?(): void;
  /** Takes the configuration that has just come into force. */
  applyConfig?(): void;
  stop?(): void;
}

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
const debug = new DebugSwitch(() => live.current().debugMode);
const keys = live.derive(({ apiKeys }) => createKeyRing(apiKeys));
const mask = (text: string): string => keys().mask(text);
const log = createLog({ write: writeConsoleLine, clock, isDebug: debug.isOn, mask });
const announcer = new ConfigAnnouncer({ own, live, convars, official, log });
announcer.announceFirstFile(firstFile);
announcer.applyConfig();
raiseRateLimit(own.name);

/** The options that most parts take. */
const base = { config: live.current, version: own.version, clock, log };
const address = { port: readGamePort(), resourceName: own.name, addresses: readOwnAddresses() };
const recorder = new Recorder(clock, () => live.current().inspector);
const game = new Game({ ...base, own, address, live, official, events, clients, resources, watcher: recorder });

const forwarding = new Forwarding({
  ...base,
  own: address,
  store: createKvpStore('forward/'),
  keys,
  attempted: recorder.attempted,
  holds,
  unit: (ident) => game.state.getUnit(ident),
  call: (callId) => game.state.getCall(callId),
  loadNats: () => own.requireNats() as NatsClient,
});
provideForwarding(forwarding, events);

const link = new CadLink({
  ...base,
  configFault: live.fault,
  own: address,
  isBesideOfficial: () => official.isRunning(),
  known: game.state,
  echo: (event) => game.applyLocalEcho(event),
  hasPlayers: () => game.players.any(),
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
const sessionKey = live.derive(({ apiKeys }) => apiKeys[0] ?? '');
const sessionReceiver = new SessionReceiver({ keys, sessionKey, intake, holds, log, clock });
link.onPayload(sessionReceiver.receive);

const certificates = new CertificateLoader({
  isNeeded: () => usesTls(live.current(), forwarding.status().targets),
  clock,
});

const requests = new PlayerRequests({ ...base, game, link, events, clients });
listenToUnservedEvents({ events, onNet: onNetEvent, official, log });
listenToLogLines({ events, official, log });
listenToPlayers({ requests, notifications: game.notifications, official, config: live.current(), events });

provideExports({ ...base, resourceName: own.name, events, onNet: onNetEvent, game, link, requests });

const doctor = new Doctor({ address, live, link, forwarding, clock });
/** The parts that the operator's command and the page both show and steer. */
const operated = { ...base, live, traffic, forwarding, game, link, official, resources, doctor };
const status = new StatusCommand(operated);
const healthToken = live.derive((config) => (config.healthToken === '' ? null : config.healthToken));
const peerLabel = live.derive(({ trustedProxies }) => createPeerLabel(trustedProxies));
const redaction = live.derive((config) => createRedaction(keys(), () => secretsIn(config)));
const inspector = createInspector({
  ...operated,
  own,
  address,
  recorder,
  holds,
  keys,
  redaction,
  healthToken,
  prometheusLogin: readPrometheusLogin,
  peerLabel,
  status,
});

const app = createApp({
  ...base,
  keys,
  intake,
  holds,
  isOwnProbe: (raw) => doctor.isOwnProbe(raw),
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
  ...operated,
  name: own.name,
  applyConfig,
  debug,
  status,
  inspector,
  mask,
  write: writeCommandLine,
  clients,
});
registerCommand(own.name, (source, words) => command.run(source, words));

/** The life of every part. The log comes last: others write to it while they stop. */
const parts: readonly Part[] = [
  debug,
  announcer,
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
official.onChange(() => announcer.publishConvars());
official.onChange(() => link.applyConfig());

log.info(
  `sonorancad ${own.version} receives push events at http://<this server>:${address.port}/${own.name}/event (not affiliated with Sonoran Software Systems)`,
);
