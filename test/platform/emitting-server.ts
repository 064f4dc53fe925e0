// A server script that triggers each event twice: through `gameEvents` and through the game server's own `emit`.
// game-events.test.ts bundles it and runs it in fxhost.
import { gameEvents } from '../../src/platform/events.ts';

const natives = globalThis as { TriggerEventInternal?: (...args: unknown[]) => void };
const trigger = natives.TriggerEventInternal;
let packed = 0;
natives.TriggerEventInternal = (...args) => {
  packed += 1;
  trigger?.(...args);
};

function twice(...args: unknown[]): void {
  emit('theirs', ...args);
  gameEvents.emit('ours', ...args);
}

const samples: Record<string, () => void> = {
  numbers: () => twice([0, -0, 127, 128, -32, -33, 65_536, 2 ** 31 - 1, -(2 ** 31), 1.5, Number.NaN, 2 ** 60]),
  texts: () =>
    twice('', 'grüß 😀', 'x'.repeat(31), 'x'.repeat(32), 'ü'.repeat(31), 'y'.repeat(300), 'z'.repeat(70_000)),
  'undefined, null and empty values': () => twice(undefined, null, { a: undefined }, new Array(3), [], {}),
  'floats with a whole value': () =>
    twice(1.5, 1e21, 2 ** 32, 2 ** 53, -(2 ** 31) - 1, -(2 ** 53), Number.POSITIVE_INFINITY),
  'members named like Object.prototype members': () =>
    twice(JSON.parse('{"__proto__":{"a":1},"constructor":1,"prototype":[],"toString":null}')),
  booleans: () => twice(true, false),
  'integers from 2^31 to 2^32-1': () => twice({ a: [2 ** 31, 2 ** 32 - 1] }),
  'long lists': () => twice(Array.from({ length: 20 }, String), Array.from({ length: 70_000 }, Number)),
  'a wide object': () => twice(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`n${index}`, index]))),
  'objects without a prototype': () => twice(Object.assign(Object.create(null), { a: 1 })),
  'values that are not plain': () => twice(new Date(0), new Map([[1, 2]]), new Uint8Array([1, 2]), { f: () => 1 }),
  nested: () =>
    on('outer', () => {
      gameEvents.emit('inner', 'xxxxxxxxxxxxxxxxxxxx');
    }),
};

on('sample', (name: string) => samples[name]?.());
on('twice', twice);
on('packed', () => console.log('packed', packed));
on('without', () => {
  natives.TriggerEventInternal = undefined;
  gameEvents.emit('ours', 'without');
});
on('outer again', () => gameEvents.emit('outer', 'the payload of the outer event'));
on('deep', (levels: number) => {
  let value: unknown = 1;
  for (let level = 1; level < levels; level += 1) value = [value];
  try {
    gameEvents.emit('depth', value);
  } catch (error) {
    console.log((error as Error).message);
  }
});
