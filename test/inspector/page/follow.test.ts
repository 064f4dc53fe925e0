import { describe, expect, it } from '@jest/globals';
import { readStream, type StreamEvent } from '../../../src/inspector/page/follow.ts';

const STREAM = [
  'event: hello\ndata: {"cursor":"a-0"}\n\n',
  ': still here\n\n',
  'event: events\nid: a-2\ndata: ["“ä😀”",\ndata: 2]\n\n',
  'event: end\r\ndata: {}\r\n\r\n',
  'event: cut\ndata: off',
].join('');

async function read(parts: readonly Uint8Array[]): Promise<{ events: StreamEvent[]; alive: number }> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  let alive = 0;
  for await (const event of readStream(stream, () => {
    alive += 1;
  }))
    events.push(event);
  return { events, alive };
}

describe('reading server-sent events', () => {
  const bytes = new TextEncoder().encode(STREAM);
  const expected = [
    { name: 'hello', data: '{"cursor":"a-0"}', id: null },
    { name: 'events', data: '["“ä😀”",\n2]', id: 'a-2' },
    { name: 'end', data: '{}', id: null },
  ];

  it('gives each event once it is whole, wherever the bytes are cut, and leaves out what was cut off', async () => {
    for (let at = 1; at < bytes.length; at += 1) {
      const { events } = await read([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(events).toEqual(expected);
    }
    expect((await read([...bytes].map((byte) => Uint8Array.of(byte)))).events).toEqual(expected);
  });

  it('tells of every sign of life, comments too', async () => {
    expect(await read([new TextEncoder().encode(': still here\n\n')])).toEqual({ events: [], alive: 1 });
  });
});
