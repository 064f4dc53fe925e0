import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { KEY, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';
import { arbitraryBody } from './arbitrary-requests.ts';
import { jsRecorder, luaRecorder, type Taken, takenBy } from './recorders.ts';

const RECORDERS = ['js', 'lua'];
const INVALID_JSON = [400, 'Invalid JSON'];
const INVALID_TYPE = [400, 'Invalid Type'];
const TOO_DEEP = 'data: expected at most 500 levels of nesting, got more';

const envelope = (rest: string) => `{"key":"${KEY}",${rest}}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const lists = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('bad input with the right key', () => {
  let served: ServedResource;
  beforeAll(async () => {
    served = await serveResource();
    served.add('js', jsRecorder('T', 'EVENT_TONE'));
    served.add('lua', luaRecorder('T', 'EVENT_TONE'));
    for (const resource of [...RECORDERS, 'sonorancad']) served.host.ensure(resource);
    // The last line of the start.
    await until(() => printedBy(served.host, 'sonorancad').some((line) => line.includes('apiSendEnabled is false')));
  });
  afterAll(() => served.close());

  let linesBefore: number;
  beforeEach(() => {
    linesBefore = printedBy(served.host, 'sonorancad').length;
  });
  const newLines = () => printedBy(served.host, 'sonorancad').slice(linesBefore);

  /** What each way brought to each recorder, after which the next event has come through. */
  async function consumed(): Promise<[recorder: string, taken: Taken[]][]> {
    return Object.entries(await takenBy(served.host, RECORDERS));
  }

  it.each([
    ['malformed JSON', envelope('"type":"T","data":{"a":}')],
    ['JSON that ends too early', `{"key":"${KEY}","type":"T","data":[1,`],
    ['text after the object', `${envelope('"type":"T"')}{}`],
    ['a raw NUL in a string', envelope('"type":"T","data":"a\0b"')],
    ['a malformed number', envelope('"type":"T","data":0x10')],
  ])('is refused when it is %s', async (_what, body) => {
    expect(await served.post(body)).toEqual(INVALID_JSON);
    for (const [, taken] of await consumed()) expect(taken).toEqual([]);
    expect(newLines()).toEqual([]);
  });

  it.each(['7', 'null', 'true', '["T"]', '{"T":1}', '""', '1e999'])('is refused when its type is %s', async (type) => {
    expect(await served.post(envelope(`"type":${type},"data":{}`))).toEqual(INVALID_TYPE);
    for (const [, taken] of await consumed()) expect(taken).toEqual([]);
  });

  it.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['an image', 'image/png'],
    ['malformed', ';;'],
  ])('does not mind a content type that is %s', async (_what, type) => {
    expect(
      await served.post(envelope('"type":"T","data":{"a":1}'), '/sonorancad/event', { 'content-type': type }),
    ).toEqual([200, 'ok']);
    for (const [, taken] of await consumed()) expect(taken).toContainEqual(['other', 'T', { a: 1 }]);
  });

  it.each<[string, string, unknown]>([
    ['NUL', '"a\\u0000b"', 'a\0b'],
    ['an emoji written as escapes', '"\\ud83d\\ude00"', '\u{1f600}'],
    ['the first half of a surrogate pair', '"\\ud83dabc"', '\ufffdabc'],
    ['the second half', '"\\udE00abc"', '\ufffdabc'],
    ['a half at the end', '"abc\\ud83d"', 'abc\ufffd'],
    ['halves in the wrong order', '"\\ude00\\ud83d"', '\ufffd\ufffd'],
    ['a half in a name', '{"a\\ud83d":1,"b":2}', { 'a\ufffd': 1, b: 2 }],
    ['a number beyond 2^53', '9007199254740993', 9007199254740992],
    ['a number below -2^53', '-9007199254740993', -9007199254740992],
    ['a number beyond 2^31', '4294967296', 4294967296],
    ['a text of one MiB less the rest', `"${'x'.repeat(1024 * 1024 - 70)}"`, `text of ${1024 * 1024 - 70}`],
    ['a name twice', '{"a":1,"b":2,"a":3}', { a: 3, b: 2 }],
    ['__proto__ members', '{"a":1,"__proto__":{"b":2},"c":{"\\u005f_proto__":{"d":3},"e":4}}', { a: 1, c: { e: 4 } }],
    [
      'names of methods',
      '{"constructor":{"prototype":{"x":1}},"toString":"t","hasOwnProperty":null}',
      expect.objectContaining({ constructor: { prototype: { x: 1 } }, toString: 't' }),
    ],
  ])('reaches consumers by every way when it holds %s', async (_what, json, value) => {
    expect(await served.post(envelope(`"type":"T","data":{"value":${json}}`))).toEqual([200, 'ok']);
    for (const [, taken] of await consumed()) {
      expect(taken).toHaveLength(4);
      expect(taken).toEqual(
        expect.arrayContaining([
          ['other', 'T', { value }],
          ['export', expect.objectContaining({ type: 'T', data: { value }, valid: true })],
          ['handler', { type: 'T', data: { value } }],
          ['event', expect.objectContaining({ type: 'T', data: { value } })],
        ]),
      );
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(newLines()).toEqual([]);
  });

  it('reaches consumers with its last value when a member of the envelope comes twice', async () => {
    const body = envelope('"type":"OTHER","type":"T","data":1,"data":{"a":1}');
    expect(await served.post(body)).toEqual([200, 'ok']);
    for (const [, taken] of await consumed()) expect(taken).toContainEqual(['other', 'T', { a: 1 }]);
  });

  it.each([
    ['objects', objects(200), 202],
    ['lists', lists(200), 201],
  ])('reaches consumers when it is nested 200 deep in %s', async (_what, json, levels) => {
    expect(await served.post(envelope(`"type":"T","data":{"a":${json}}`))).toEqual([200, 'ok']);
    for (const [, taken] of await consumed()) {
      expect(taken.map(([way]) => way).sort()).toEqual(['event', 'export', 'handler', 'other']);
      expect(JSON.stringify(taken)).toContain(`nested ${levels}`);
    }
    expect(newLines()).toEqual([]);
  });

  it.each([
    ['500', 'objects', `"type":"T","data":${objects(500)}`],
    ['30,000', 'objects', `"type":"T","data":${objects(30_000)}`],
    ['30,000', 'lists', `"type":"T","data":${lists(30_000)}`],
    ['30,000', 'a field that nobody knows', `"type":"T","data":{},"more":${lists(30_000)}`],
    ['30,000', 'a field of a known type', `"type":"T","data":{"url":"x","playTonesTo":[],"more":${objects(30_000)}}`],
  ])('reaches consumers without its data when it is nested %s deep in %s', async (_n, _w, rest) => {
    expect(await served.post(envelope(rest))).toEqual([200, `ok (data not understood: ${TOO_DEEP})`]);
    for (const [, taken] of await consumed()) {
      expect(taken.map(([way]) => way).sort()).toEqual(['event', 'export', 'handler', 'other']);
      const event = expect.objectContaining({ type: 'T', valid: false, issues: [TOO_DEEP] });
      expect(taken).toContainEqual(['export', event]);
    }
  });

  it('is named in one line of the console when five events of a type were nested too deep', () => {
    expect(printedBy(served.host, 'sonorancad').filter((line) => line.includes(TOO_DEEP))).toHaveLength(1);
  });

  it('reaches only those who want all of a type when an id in it is no exact number', async () => {
    const answer = await served.post(envelope('"type":"EVENT_REMOVE_911","data":{"callIds":[9007199254740993]}'));
    expect(answer).toEqual([200, expect.stringMatching(/^ok \(data not understood: data\.callIds.*2\^53/)]);
    for (const [, taken] of await consumed())
      expect(taken.map(([way]) => way).sort()).toEqual(['event', 'export', 'other']);
  });
});

const ANSWERS =
  /^(200 ok( \(data not understood: .+\))?|400 (Authentication Key Failed!|Invalid (JSON|Type))|429 .+)$/s;

describe('arbitrary requests', () => {
  let served: ServedResource;
  const counts: Record<number, number> = {};
  beforeAll(async () => {
    served = await serveResource();
    served.add('js', jsRecorder());
    served.add('lua', luaRecorder());
    for (const resource of ['js', 'lua', 'sonorancad']) served.host.ensure(resource);
  });
  afterAll(() => served.close());

  function check(status: number, text: string) {
    expect(`${status} ${text}`).toMatch(ANSWERS);
    counts[status] = (counts[status] ?? 0) + 1;
  }

  it('are each answered as documented, past the sockets', async () => {
    const property = fc.asyncProperty(arbitraryBody, async (body) => {
      const answer = await postDirectly(served.host, body);
      check(answer.status, answer.body.toString());
      // Without a turn for the event loop nothing would be dispatched, and the queue would be full in the end.
      await setImmediate();
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('are each answered as documented, over HTTP', async () => {
    const property = fc.asyncProperty(arbitraryBody, async (body) => check(...(await served.post(body))));
    await fc.assert(property, { numRuns: 50 });
  });

  it('were mostly accepted, reached both consumers all the same, and no step of theirs failed', async () => {
    const { js = [], lua = [] } = await takenBy(served.host, ['js', 'lua']);
    const accepted = counts[200] ?? 0;
    expect(accepted).toBeGreaterThan(150);
    for (const taken of [js, lua])
      for (const way of ['export', 'event']) expect(taken.filter(([each]) => each === way)).toHaveLength(accepted);
    expect(
      printedBy(served.host, 'sonorancad').filter((line) => line.includes('failed') || line.includes('could not')),
    ).toEqual([]);
    expect(served.host.lines.filter((line) => /error/i.test(line) && !line.startsWith('[script:sonorancad]'))).toEqual(
      [],
    );
  });
});
