import { loadConfig } from './config/load.ts';
import { convarsToPublish } from './config/publish.ts';
import { createDispatchPlan } from './dispatch/dispatch-plan.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { provideSubscriptions } from './dispatch/scripter-exports.ts';
import { createSubscriptions } from './dispatch/subscriptions.ts';
import { configureForwarding } from './forward/configure-forwarding.ts';
import { createApp } from './ingress/app.ts';
import { mountOnCitizenFx } from './ingress/citizenfx.ts';
import { createClock } from './platform/clock.ts';
import { writeConsoleLine } from './platform/console-line.ts';
import { readConvar, readGamePort, writeConvar } from './platform/convars.ts';
import { createGameEvents } from './platform/game-events.ts';
import { createLog } from './platform/log.ts';
import { readOwnAddresses } from './platform/own-addresses.ts';
import { readOwnResource } from './platform/own-resource.ts';
import { createKeyRing } from './push-events/key-ring.ts';

const own = readOwnResource();
const clock = createClock();
const events = createGameEvents();
const { config, problems } = loadConfig({ readFile: own.readFile, convar: readConvar });
const log = createLog({ write: writeConsoleLine, monotonic: clock.monotonic, isDebug: () => config.debugMode });

for (const { level, line } of problems) log[level](line);
for (const { name, value } of convarsToPublish(config, readConvar)) writeConvar(name, value);

const address = { port: readGamePort(), resourceName: own.name, addresses: readOwnAddresses() };
const forwarder = configureForwarding(config, { own: address, version: own.version, log, monotonic: clock.monotonic });

const subscriptions = createSubscriptions(log);
const dispatcher = createDispatcher({ plan: createDispatchPlan(subscriptions, events), clock, log });
provideSubscriptions(subscriptions, events, own.name);

const app = createApp({
  keys: createKeyRing(config.apiKeys),
  accept(received, raw) {
    forwarder?.enqueue(received.event, raw);
    dispatcher.enqueue(received);
  },
  version: own.version,
  healthToken: config.healthToken === '' ? null : config.healthToken,
  healthDetails: () => ({ forwarding: forwarder !== null }),
  log,
  clock,
});
const stopReceiving = mountOnCitizenFx(app.callback(), {
  report: (error) =>
    log.error('A request could not be served.', { reason: String((error as { message?: unknown }).message) }),
});

events.on('onResourceStop', (name) => {
  if (name !== own.name) return subscriptions.dropOwner(String(name));
  stopReceiving();
  dispatcher.drain();
});

// Consumers that started first subscribe in their handler of this event, and only then are events dispatched.
events.nextTick(() => {
  subscriptions.whileAnnounced(() => events.emit('sonorancad:ready', own.version));
  dispatcher.start();
});

log.info(
  `sonorancad ${own.version} receives push events at http://<this server>:${address.port}/${own.name}/event (not affiliated with Sonoran Software Systems)`,
);
