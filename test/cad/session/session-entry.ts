import { Session } from '../../../src/cad/session/session.ts';
import { createKeyRing } from '../../../src/events/api-keys.ts';
import { receivePayload } from '../../../src/events/receive.ts';
import { createClock } from '../../../src/lib/clock.ts';
import { createLog } from '../../../src/lib/log.ts';
import { createGameEvents } from '../../../src/platform/events.ts';
import { writeConsoleLine } from '../../../src/platform/game-server.ts';

// A server script that is nothing but a session, for the stand-in of FXServer. The session's configuration is a convar.
const config = () => JSON.parse(GetConvar('session_test', '{}'));
const clock = createClock();
const events = createGameEvents();
const received: unknown[] = [];
const session = new Session({
  config,
  mayConnect: () => true,
  receive(payload) {
    const { apiKeys } = config();
    const result = receivePayload(payload, createKeyRing(apiKeys), apiKeys[0], clock.now());
    received.push(result.accepted ? [result.event.type, result.event.source, result.event.data] : result.reason);
  },
  clock,
  random: Math.random,
  log: createLog({ write: writeConsoleLine, monotonic: clock.monotonic, isDebug: () => true, mask: (text) => text }),
});

events.provide('apply', () => session.apply());
events.provide('status', () => ({ ...session.status() }));
events.provide('received', () => received);
events.provide('sendUnitLocations', (updates) => session.sendUnitLocations(updates as unknown[]));
events.provide('isClientLoaded', () => 'hubClientLoaded' in globalThis);
events.on('onResourceStop', (name) => {
  if (name === GetCurrentResourceName()) session.stop();
});
