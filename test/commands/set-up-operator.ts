import * as prometheus from 'prom-client';
import type { LinkStatus } from '../../src/cad/cad-link.ts';
import { createOperatorCommand } from '../../src/commands/operator-command.ts';
import { StatusCommand } from '../../src/commands/status-command.ts';
import { createLiveConfig } from '../../src/config/live-config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createKeyRing } from '../../src/events/api-keys.ts';
import type { ReceivedEvent } from '../../src/events/receive.ts';
import { Traffic } from '../../src/events/traffic.ts';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';
import { Audience } from '../../src/game/dispatch/audience.ts';
import { Dispatcher } from '../../src/game/dispatch/dispatcher.ts';
import { createEventSteps, createStepRunner, type SimulatedEvent } from '../../src/game/dispatch/event-steps.ts';
import { NetEvents } from '../../src/game/dispatch/net-events.ts';
import { Subscriptions } from '../../src/game/dispatch/subscriptions.ts';
import { Players } from '../../src/game/players/players.ts';
import { State } from '../../src/game/state/state.ts';
import { createInspector } from '../../src/inspector/create-inspector.ts';
import { Recorder } from '../../src/inspector/history.ts';
import { createRedaction } from '../../src/inspector/redaction.ts';
import type { Problem } from '../../src/lib/finding.ts';
import { HoldMeter } from '../../src/lib/hold-meter.ts';
import { DebugSwitch } from '../../src/lib/log.ts';
import { Notifications } from '../../src/notify/notifications.ts';
import type { GameEvents } from '../../src/platform/events.ts';
import { eventOfBody } from '../event-of.ts';
import { createFakePlayerSource } from '../game/players/fake-player-source.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingClients } from '../recording-clients.ts';
import { createRecordingLog } from '../recording-log.ts';

/**
 * Everything that the operator's command shows and steers, wired as server.ts does it, on a clock that stands still.
 *
 * @param linkAt gives the status of the link to the CAD at a time in milliseconds since 1970
 */
export function setUpOperator(
  initial: Readonly<Record<number, string[]>> = {},
  linkAt: (now: number) => LinkStatus = idleLink,
) {
  const clock = createManualClock();
  const log = createRecordingLog();
  const clients = createRecordingClients();
  const source = createFakePlayerSource(initial);
  const players = new Players(source);
  const state = new State({ clock, players, emitsLegacy: () => true });
  let file: object | string = {};
  const live = createLiveConfig(() =>
    loadConfig({
      readFile: (path) => (path === 'config.json' ? textOf(file) : null),
      hasFile: () => false,
      convar: () => null,
    }),
  );
  const emitted: { readonly name: string; readonly args: readonly unknown[] }[] = [];
  const events: Pick<GameEvents, 'emit'> = { emit: (name, ...args) => void emitted.push({ name, args }) };
  players.watch({
    seen: (player) => state.playerSeen(player),
    gone: (player) => state.playerGone(player),
  });

  const audience = new Audience({
    players,
    state,
    checks: { hasAce: () => false, jobOf: () => null, hasFramework: () => true, callExport: () => false },
    duty: () => ({ by: 'incad' }),
    log,
  });
  const resources = {
    isStarted: (name: string) => name === 'ox_lib',
    callExport: () => null,
    readNamedFile: () => null,
  };
  const store = { get: () => null, set() {}, delete() {} };
  const notifications = new Notifications({
    config: live.current,
    isActive: () => true,
    state,
    audience,
    hasPlayers: () => true,
    players,
    clients,
    resources,
    store,
    clock,
    log,
  });
  const netEvents = new NetEvents({
    settings: () => live.current().netEvents,
    state,
    audience,
    hasPlayers: () => true,
    clients,
  });
  const subscriptions = new Subscriptions({ log, clock, called: () => {} });
  const stepsOf = createEventSteps({
    state,
    learn() {},
    runStep: createStepRunner(events, clients),
    subscriptions,
    events,
    netEvents,
    notifications,
  });
  const dispatcher = new Dispatcher({ stepsOf, clock, log });
  dispatcher.start();

  const forwarding: ForwardingStatus = {
    recovering: false,
    store: {
      broken: false,
      unusedBecause: null,
      lastFlushMs: 0,
      longestFlushMs: 0,
      flushEveryMs: 2_000,
      eventsInMemory: 0,
    },
    targets: [],
    leaving: [],
    removed: [],
    stoppedLoops: 0,
  };
  const forwardingStatus = { ...forwarding };
  const faults: Problem[] = [];
  const traffic = new Traffic(clock);
  const debug = new DebugSwitch(() => live.current().debugMode);
  const printed: string[] = [];
  const stand = { actsAsOfficial: true, emitsLegacy: true };
  const shown = {
    version: '5.0.0',
    clock,
    live,
    traffic,
    forwarding: {
      status: () => forwardingStatus,
      problems: () => faults,
      idleBecause: () => null,
      deadLetters: () => [],
      newestDeadLetters: () => [],
      replay: () => 0,
      drop: () => 0,
      retry: () => false,
    },
    game: {
      state,
      players,
      actsAsOfficial: () => stand.actsAsOfficial,
      emitsLegacy: () => stand.emitsLegacy,
      dispatchSimulated: (event: SimulatedEvent) => dispatcher.enqueue(event),
    },
    link: { status: () => linkAt(clock.now()), register() {} },
    official: { isRunning: () => false },
    resources,
    doctor: { examine: async () => [] },
  };
  const status = new StatusCommand(shown);
  const recorder = new Recorder(clock, () => true);
  const keys = createKeyRing(['a-key-for-testing']);
  const inspector = createInspector({
    ...shown,
    log,
    recorder,
    holds: new HoldMeter(clock.monotonic),
    own: { name: 'sonorancad', readFile: () => null, requirePrometheus: () => prometheus },
    address: { port: 30120, resourceName: 'sonorancad', addresses: ['203.0.113.5'] },
    keys: () => keys,
    redaction: () => createRedaction(keys, () => []),
    healthToken: () => null,
    prometheusLogin: () => null,
    peerLabel: () => () => '',
    status,
  });
  const command = createOperatorCommand({
    ...shown,
    name: 'sonorancad',
    applyConfig: () => debug.applyConfig(),
    debug,
    status,
    inspector,
    mask: (text) => text,
    write: (line) => printed.push(line),
    clients,
  });

  return {
    clock,
    source,
    state,
    subscriptions,
    traffic,
    recorder,
    /** What is done here for the official resource; to be changed at will. */
    stand,
    /** What is wrong with the targets; to be changed at will. */
    faults,
    /** What `forward` says; to be changed at will. */
    status: forwardingStatus as { -readonly [Name in keyof ForwardingStatus]: ForwardingStatus[Name] },
    configure(values: object) {
      file = values;
      live.reload();
    },
    writeFile(values: object) {
      file = values;
    },
    /** Writes config.json as it stands, which may be no JSON. */
    writeText(text: string) {
      file = text;
    },
    /** Takes an event as the CAD sends it, with all that comes of it. */
    push(type: string, data: unknown) {
      const body = { type, data };
      const received: ReceivedEvent = { event: eventOfBody(body), body };
      traffic.accepted(received.event);
      players.learn(received.event);
      for (const step of state.stepsOf(received)) if ('commit' in step) step.commit();
    },
    /** Runs a command line as somebody. @returns what was printed */
    run(line: string, who = 0): string[] {
      command.run(
        who,
        line.split(' ').filter((word) => word !== ''),
      );
      return printed.splice(0);
    },
    /** Lets what was simulated be dispatched. @returns the local events that were triggered */
    dispatched(): { readonly name: string; readonly args: readonly unknown[] }[] {
      clock.pass();
      return emitted.splice(0);
    },
    /** What players' games were sent since the last time. */
    sent: () => clients.sent.splice(0),
  };
}

/** A link to the CAD that is switched off. */
function idleLink(now: number): LinkStatus {
  return {
    transport: 'http',
    session: {
      state: 'off',
      why: null,
      since: now,
      connectedAt: null,
      lastEventAt: null,
      attempts: 0,
      nextAttemptInMs: null,
    },
    verdict: null,
    api: {
      enabled: false,
      endpoints: [],
      waiting: 0,
      underWay: 0,
      lastSuccessAt: null,
      lastFailure: null,
      nextTryInMs: null,
    },
    healing: { units: { lastMs: null, failure: null }, calls: { lastMs: null, failure: null } },
  };
}

function textOf(file: object | string): string {
  return typeof file === 'string' ? file : JSON.stringify({ apiKey: 'a-key-for-testing', ...file });
}
