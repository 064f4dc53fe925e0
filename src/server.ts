import { createCommand } from './commands/create-command.ts';
import { createForwardCommand } from './commands/forward-command.ts';
import { createReloadCommand } from './commands/reload-command.ts';
import type { ConfigProblem } from './config/config-problem.ts';
import { createLiveConfig } from './config/live-config.ts';
import { loadConfig } from './config/load.ts';
import { convarsToPublish } from './config/publish.ts';
import { createDispatchPlan, type DispatchStep, runStep } from './dispatch/dispatch-plan.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createNetEvents } from './dispatch/net-events/create-net-events.ts';
import { acceptRegistrations, provideSubscriptions } from './dispatch/scripter-exports.ts';
import { createSubscriptions } from './dispatch/subscriptions.ts';
import { createCallerWarnings } from './exports/caller-warnings.ts';
import { createUnitLocator } from './exports/locate-unit.ts';
import { provideMissingExports } from './exports/missing-exports.ts';
import { provideOfficialExports } from './exports/official-exports.ts';
import { provideStateExports } from './exports/state-exports.ts';
import { createForwarding } from './forward/create-forwarding.ts';
import { provideForwarding } from './forward/forwarding-exports.ts';
import { HOP_HEADER, parseHops } from './forward/wire/hops.ts';
import { createApp } from './ingress/app.ts';
import { mountOnCitizenFx } from './ingress/citizenfx.ts';
import { createPeerLabel } from './ingress/peer-label.ts';
import { createNotifications } from './notify/create-notifications.ts';
import { createClientEvents } from './platform/client-events.ts';
import { createClock } from './platform/clock.ts';
import { registerCommand } from './platform/commands.ts';
import { writeConsoleLine } from './platform/console-line.ts';
import { readConvar, readGamePort, writeConvar } from './platform/convars.ts';
import { createDutyChecks } from './platform/duty-checks.ts';
import { createGameEvents } from './platform/game-events.ts';
import { createKvpStore } from './platform/kvp-store.ts';
import { createLog } from './platform/log.ts';
import { createOtherResources } from './platform/other-resources.ts';
import { readOwnAddresses } from './platform/own-addresses.ts';
import { readOwnResource } from './platform/own-resource.ts';
import { registerPlayerCommand } from './platform/player-commands.ts';
import { createPlayerSource } from './platform/players.ts';
import { raiseRateLimit } from './platform/rate-limit.ts';
import { createAudience } from './players/audience.ts';
import { createPlayers } from './players/create-players.ts';
import { parseDuty } from './players/duty.ts';
import { createKeyRing } from './push-events/key-ring.ts';
import type { ReceivedEvent } from './push-events/receive-event.ts';
import { createState } from './state/create-state.ts';
import { createRestarts } from './state/restarts.ts';

const own = readOwnResource();
const clock = createClock();
const events = createGameEvents();
const live = createLiveConfig(() => loadConfig({ readFile: own.readFile, convar: readConvar }));
const log = createLog({
  write: writeConsoleLine,
  monotonic: clock.monotonic,
  isDebug: () => live.current().debugMode,
});

/** To be called for every configuration that comes into force. */
function settle(problems: readonly ConfigProblem[]): void {
  for (const { level, line } of problems) log[level](line);
  for (const { name, value } of convarsToPublish(live.current(), readConvar)) writeConvar(name, value);
}
settle(live.problems());
raiseRateLimit(own.name);

const address = { port: readGamePort(), resourceName: own.name, addresses: readOwnAddresses() };
const forwarding = createForwarding({
  config: live.current,
  own: address,
  version: own.version,
  store: createKvpStore('forward/'),
  clock,
  log,
});
provideForwarding(forwarding, events);

const subscriptions = createSubscriptions(log);
const players = createPlayers(createPlayerSource());
const state = createState({ clock, players, emitsLegacy: () => true });
const runSteps = (steps: Iterable<DispatchStep>) => {
  for (const step of steps) runStep(step, events);
};
const restarts = createRestarts({ state, store: createKvpStore('state/'), version: own.version, clock, log });
const restored = restarts.restore();
players.watch({
  seen: (source) => runSteps(state.playerSeen(source)),
  gone(source) {
    runSteps(state.playerGone(source));
    notifications.playerGone(source);
  },
});
function* stateSteps(received: ReceivedEvent): Iterable<DispatchStep> {
  yield { commit: () => players.learn(received.event) };
  yield* state.plan(received);
}

const otherResources = createOtherResources();
const clients = createClientEvents();
const audience = createAudience({
  players,
  state,
  checks: createDutyChecks(otherResources),
  duty: live.derive(({ notifications: { duty } }) => parseDuty(duty) ?? { by: 'incad' }),
  log,
});
const netEvents = createNetEvents({ settings: () => live.current().netEvents, state, audience, clients });
const notifications = createNotifications({
  config: live.current,
  isActive: () => true,
  state,
  audience,
  players,
  clients,
  resources: otherResources,
  store: createKvpStore('notify/'),
  clock,
  log,
});
registerPlayerCommand('cadnotify', notifications.commands.cadnotify);
registerPlayerCommand('dn', notifications.commands.dn);

const plan = createDispatchPlan(subscriptions, events, stateSteps, [netEvents, notifications]);
const dispatcher = createDispatcher({ plan, clock, log });
provideSubscriptions(subscriptions, events, own.name);
acceptRegistrations(subscriptions, events, log);

const warnings = createCallerWarnings(log, own.name);
const exportContext = { events, state, players, warnings, located: createUnitLocator(state, players) };
provideStateExports(exportContext);
provideOfficialExports({
  ...exportContext,
  communityId: () => live.current().communityID,
  serverId: () => live.current().serverId,
  cadVersion: () => -1,
  refreshUnits: () => {},
});
provideMissingExports(events, warnings);

const app = createApp({
  keys: live.derive(({ apiKeys }) => createKeyRing(apiKeys)),
  accept(received, raw, headers) {
    forwarding.enqueue(received.event, raw, parseHops(headers[HOP_HEADER]?.toString()));
    dispatcher.enqueue(received);
  },
  version: own.version,
  healthToken: live.derive(({ healthToken }) => (healthToken === '' ? null : healthToken)),
  healthDetails: () => ({ forwarding: forwarding.status() }),
  peerLabel: live.derive(({ trustedProxies }) => createPeerLabel(trustedProxies)),
  log,
  clock,
});
const stopReceiving = mountOnCitizenFx(app.callback(), {
  report: (error) =>
    log.error('A request could not be served.', { reason: String((error as { message?: unknown }).message) }),
});

const command = createCommand(
  own.name,
  {
    reload: createReloadCommand(live, (problems) => {
      settle(problems);
      forwarding.applyConfig();
    }),
    forward: createForwardCommand(forwarding, clock.now),
  },
  writeConsoleLine,
);
registerCommand(own.name, command);

events.on('onResourceStop', (name) => {
  if (name !== own.name) return subscriptions.dropOwner(String(name));
  stopReceiving();
  dispatcher.drain();
  forwarding.stop();
  restarts.save();
});

events.on('onResourceStart', (name) => {
  if (name === 'nearest-postal') notifications.rereadPostals();
});

// Consumers that started first subscribe in their handler of this event, and only then are events dispatched.
events.nextTick(() => {
  subscriptions.whileAnnounced(() => events.emit('sonorancad:ready', own.version));
  runSteps(restored);
  dispatcher.start();
});

log.info(
  `sonorancad ${own.version} receives push events at http://<this server>:${address.port}/${own.name}/event (not affiliated with Sonoran Software Systems)`,
);
