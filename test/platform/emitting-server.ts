// A server script that triggers each event twice, by the wrapper and by the game server's own `emit`; bundled and run on the
// stand-in by game-events.test.ts.
import { createGameEvents } from '../../src/platform/events.ts';

const natives = globalThis as { TriggerEventInternal?: (...args: unknown[]) => void };
const trigger = natives.TriggerEventInternal;
let packed = 0;
natives.TriggerEventInternal = (...args) => {
  packed += 1;
  trigger?.(...args);
};
const events = createGameEvents();
natives.TriggerEventInternal = undefined;
const withoutNative = createGameEvents();

function twice(...args: unknown[]): void {
  emit('theirs', ...args);
  events.emit('ours', ...args);
}

const samples: Record<string, () => void> = {
  numbers: () => twice([0, -0, 127, 128, -32, -33, 65_536, 2 ** 31 - 1, -(2 ** 31), 1.5, Number.NaN, 2 ** 60]),
  texts: () =>
    twice('', 'grüß 😀', 'x'.repeat(31), 'x'.repeat(32), 'ü'.repeat(31), 'y'.repeat(300), 'z'.repeat(70_000)),
  nothing: () => twice(undefined, null, { a: undefined }, new Array(3), [], {}),
  'floats that are whole': () =>
    twice(1.5, 1e21, 2 ** 32, 2 ** 53, -(2 ** 31) - 1, -(2 ** 53), Number.POSITIVE_INFINITY),
  'names of members that objects have': () =>
    twice(JSON.parse('{"__proto__":{"a":1},"constructor":1,"prototype":[],"toString":null}')),
  booleans: () => twice(true, false),
  'numbers between': () => twice({ a: [2 ** 31, 2 ** 32 - 1] }),
  long: () => twice(Array.from({ length: 20 }, String), Array.from({ length: 70_000 }, Number)),
  'a wide object': () => twice(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`n${index}`, index]))),
  'objects without a prototype': () => twice(Object.assign(Object.create(null), { a: 1 })),
  'what is not plain': () => twice(new Date(0), new Map([[1, 2]]), new Uint8Array([1, 2]), { f: () => 1 }),
  nested: () =>
    on('outer', () => {
      events.emit('inner', 'xxxxxxxxxxxxxxxxxxxx');
    }),
};

on('sample', (name: string) => samples[name]?.());
on('twice', twice);
on('packed', () => console.log('packed', packed));
on('without', () => withoutNative.emit('ours', 'without'));
on('outer again', () => events.emit('outer', 'the payload of the outer event'));
on('deep', (levels: number) => {
  let value: unknown = 1;
  for (let level = 1; level < levels; level += 1) value = [value];
  try {
    events.emit('depth', value);
  } catch (error) {
    console.log((error as Error).message);
  }
});
