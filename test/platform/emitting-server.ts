// A server script that triggers each event twice, by the wrapper and by the game server's own `emit`; bundled and run on the
// stand-in by game-events.test.ts.
import { createGameEvents } from '../../src/platform/game-events.ts';

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
  numbers: () => twice([0, -0, 127, 128, -32, -33, 65_536, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 1.5, Number.NaN, 2 ** 60]),
  texts: () =>
    twice('', 'grüß 😀', 'x'.repeat(31), 'x'.repeat(32), 'ü'.repeat(31), 'y'.repeat(300), 'z'.repeat(70_000)),
  nothing: () => twice(undefined, null, { a: undefined }, new Array(3), [], {}),
  booleans: () => twice(true, false),
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
on('often', (event: { data: Record<string, object> }) => {
  events.emitOften([event, event.data, ...Object.values(event.data).filter((member) => typeof member === 'object')]);
  for (const member of [...Object.values(event.data), ...Object.values(event.data)]) twice({ member });
  twice(event);
  twice(event.data, event);
  twice([event.data], event, event);
});
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
