import { createKeyRing } from '../../src/events/api-keys.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { Players } from '../../src/game/players/players.ts';
import { State } from '../../src/game/state/state.ts';
import { createFakePlayerSource } from '../game/players/fake-player-source.ts';

/**
 * Runs in a process of its own, with `--expose-gc`: feeds the state so many events, nearly each about something new, while time
 * stands still and nothing ages. Prints the megabytes in use after each tenth of them.
 */
const events = Number(process.argv[2]);
const { gc } = globalThis;
if (gc === undefined) throw new Error('start with --expose-gc');

const source = createFakePlayerSource();
const players = new Players(source);
const state = new State({ clock: { monotonic: () => 0 }, players, emitsLegacy: () => true });
const keys = createKeyRing(['a-key-for-testing']);

const unit = (id: number) => ({
  id,
  accId: `account-${id}`,
  data: { communityUserId: `license:${id}`, name: `Unit ${id}` },
});
const text = 'x'.repeat(50);
const kinds: readonly ((id: number) => readonly [type: string, data: object])[] = [
  (id) => ['UNIT_LOGIN', { unit: unit(id), isDispatch: id % 3 === 0 }],
  (id) => ['DISPATCH_NEW', { dispatch: { callId: id, title: text, idents: [id - 1] } }],
  (id) => ['911', { call: { callId: id, caller: text }, metaData: { postal: String(id) } }],
  (id) => ['UNIT_STATUS', { identIds: [id, id - 3], status: 3 }],
  (id) => ['UNIT_UPDATE', { units: [unit(id), { id: id + 1, location: text }] }],
  (id) => ['DISPATCH_NOTE', { callId: id % 2 ? id : 1, note: text }],
  (id) => ['DISPATCH_UNIT_ATTACH', { callId: id % 2 ? id - 5 : 1, idents: [id] }],
  (id) => ['DISPATCH_CLOSED', { callIds: [id - 6, id] }],
  (id) => ['UNIT_LOGOUT', { identId: id - 8 }],
  (id) => ['COMMUNITY_LINK_VERIFIED', { communityUserId: `license:${id}`, accountUuid: `account-${id}` }],
];

for (let id = 1; id <= events; id += 1) {
  const [type, data] = kinds[id % kinds.length]?.(id) ?? ['', {}];
  const received = receiveEvent(
    Buffer.from(JSON.stringify({ key: 'a-key-for-testing', type: `EVENT_${type}`, data })),
    keys,
    'http',
    0,
  );
  if (!received.accepted || !received.event.valid) throw new Error(`${type} was not understood`);
  players.learn(received.event);
  for (const step of state.stepsOf(received)) if ('commit' in step) step.commit();
  source.join(id, `license:${id - (id % 10)}`);
  state.playerSeen(id);
  if (id > 100) {
    source.drop(id - 100);
    state.playerGone(id - 100);
  }
  if (id % (events / 10) === 0) {
    gc();
    process.stdout.write(`${Math.round(process.memoryUsage().heapUsed / 2 ** 17) / 8}\n`);
  }
}
