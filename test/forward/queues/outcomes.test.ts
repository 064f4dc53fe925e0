import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../../src/events/api-keys.ts';
import type { AttemptResult, Outcome, Target } from '../../../src/forward/delivery.ts';
import { DurableForwarder } from '../../../src/forward/durable-forwarder.ts';
import { outcomeOf, resourceWording, type Wording } from '../../../src/forward/queues/outcomes.ts';
import { eventOfBody } from '../../event-of.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { createMemoryStore } from '../memory-store.ts';
import { type Behaviour, createScriptedTarget, createTarget } from '../scripted-target.ts';

const answer = (status: number, body = '', retryAfterMs: number | null = null): AttemptResult => ({
  kind: 'answered',
  status,
  body,
  retryAfterMs,
  ms: 1,
});

const outcome = (result: AttemptResult, format: Target['format'] = 'payload'): Outcome =>
  outcomeOf(result, { name: 'bot', format }, resourceWording('sonorancad'));

describe('what an attempt means', () => {
  it.each([200, 201, 202, 204, 299])('%i is a delivery', (status) => {
    expect(outcome(answer(status))).toEqual({ kind: 'delivered' });
  });

  it('400 Invalid Type is a listener that does not want the type', () => {
    expect(outcome(answer(400, ' Invalid Type\n'))).toEqual({ kind: 'unwanted' });
  });

  it.each([400, 413, 415, 422])('%i ends the event', (status) => {
    expect(outcome(answer(status, 'anything'))).toEqual({
      kind: 'final',
      reason: `answered ${status}`,
    });
  });

  it.each([300, 301, 302, 304, 307, 308, 401, 403, 404, 405, 407])('%i waits until the operator mends it', (status) => {
    expect(outcome(answer(status))).toMatchObject({
      kind: 'refused',
      advice: expect.any(String),
    });
  });

  it('the wrong key and a bad certificate wait for the operator too', () => {
    expect(outcome(answer(400, 'Authentication Key Failed!'))).toMatchObject({
      kind: 'refused',
      advice: expect.stringContaining('API key'),
    });
    const certificate: AttemptResult = { kind: 'failed', code: 'CERT_HAS_EXPIRED', certificate: true, ms: 1 };
    expect(outcome(certificate)).toMatchObject({
      kind: 'refused',
      advice: expect.stringContaining('certificate'),
    });
  });

  it('410 is the end of a target', () => {
    expect(outcome(answer(410))).toMatchObject({
      kind: 'refused',
      reason: 'answered 410',
      advice: expect.stringContaining('forward retry bot'),
      retryAfterMs: Number.POSITIVE_INFINITY,
    });
  });

  it.each([500, 502, 503, 504, 599, 409, 451, 100, 600])('%i may be the event or the target', (status) => {
    expect(outcome(answer(status, '', 7_000))).toMatchObject({
      kind: 'failure',
      counts: true,
      serverError: true,
      retryAfterMs: 7_000,
    });
  });

  it.each([408, 425])('%i is a failure that no event is to blame for', (status) => {
    expect(outcome(answer(status))).toMatchObject({
      kind: 'failure',
      counts: true,
      serverError: false,
    });
  });

  it('429 is a failure that does not park, and of a Discord webhook not even an attempt', () => {
    expect(outcome(answer(429, '', 5_000))).toMatchObject({
      kind: 'failure',
      counts: false,
      isAttempt: true,
      retryAfterMs: 5_000,
    });
    expect(outcome(answer(429), 'discord')).toMatchObject({
      kind: 'failure',
      counts: false,
      isAttempt: false,
    });
  });

  it('no answer and no connection are failures', () => {
    expect(outcome({ kind: 'timeout', requestSent: true, ms: 1 })).toMatchObject({
      kind: 'failure',
      counts: true,
    });
    const refused: AttemptResult = { kind: 'failed', code: 'ECONNREFUSED', certificate: false, ms: 1 };
    expect(outcome(refused)).toMatchObject({
      kind: 'failure',
      reason: 'ECONNREFUSED',
      serverError: false,
    });
  });

  it.each([
    ['ECONNREFUSED', 'nothing listens at that address and port: start the web server, or correct the URL'],
    ['ENOTFOUND', 'there is no host of that name: correct the URL'],
    ['ETIMEDOUT', 'see whether that server runs, and the firewalls in between'],
    ['SOMETHING_ELSE', null],
  ])('%s comes with what may help', (code, advice) => {
    const failed: AttemptResult = { kind: 'failed', code, certificate: false, ms: 1 };
    expect(outcome(failed)).toMatchObject({ advice });
  });

  it('no answer in time and an error of the server come with what may help, too', () => {
    const late: AttemptResult = { kind: 'timeout', requestSent: false, ms: 1 };
    expect(outcome(late)).toMatchObject({ advice: expect.stringContaining('firewalls') });
    expect(outcome(answer(503))).toMatchObject({ advice: "see that server's own log" });
    expect(outcome(answer(409))).toMatchObject({ advice: null });
  });

  it.each([401, 403])('%i says in words of what forwards what to look at', (status) => {
    const own = { ...resourceWording('sonorancad'), checkCredentials: 'ask your aunt' };
    expect(outcomeOf(answer(status), { name: 'bot', format: 'payload' }, own)).toMatchObject({
      advice: expect.stringMatching(/: ask your aunt$/),
    });
  });
});

/** @returns what the operator sees of an event on its way to a target named `gone` */
function seen(behaviour: Behaviour, wording?: Wording): string[] {
  const clock = createManualClock();
  const log = createRecordingLog();
  const { send } = createScriptedTarget(clock, ({ probe }) =>
    probe ? { answer: 400, body: 'Invalid Type' } : behaviour,
  );
  const options = {
    targets: [createTarget({ name: 'gone' })],
    store: createMemoryStore(),
    send,
    clock,
    log,
    currentKey: () => 'a-key-of-sixteen-letters',
    keys: () => createKeyRing(['a-key-of-sixteen-letters']),
    random: () => 0.5,
    wording,
  };
  const forwarder = new DurableForwarder(options);
  const body = { type: 'EVENT_TONE', data: { url: 'https://tones.example/a.mp3', playTonesTo: [] } };
  forwarder.enqueue(eventOfBody(body), Buffer.from(JSON.stringify(body)));
  clock.advance(30_000);
  return log.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
}

const OWN: Wording = {
  endWait: (target) => `call ${target}`,
  afterGivingUp: 'it is in the drawer',
  afterRemoval: 'which are in the drawer',
  checkCredentials: 'ask your aunt',
  insistOnAnswers: null,
};

describe('lines about a target', () => {
  it.each([
    ['gone for good', { answer: 410 }, 'or end the wait with "cad2 forward retry gone"', 'or call gone'],
    ['refusing an event', { answer: 422 }, '"cad2 forward replay <id>" sends it again', 'it is in the drawer'],
    ['wanting credentials', { answer: 401 }, 'check the address, the headers and the secret', 'ask your aunt'],
    ['never answering', 'hang', 'Set "requireResponse" to insist on answers.', 'It is checked now and then.'],
  ] satisfies [string, Behaviour, string, string][])(
    '%s say what to do in words of what forwards',
    (_what, behaviour, ours, theirs) => {
      expect(seen(behaviour, resourceWording('cad2')).at(-1)).toContain(ours);
      expect(seen(behaviour, OWN).at(-1)).toContain(theirs);
      expect(seen(behaviour, OWN).join()).not.toMatch(/sonorancad|requireResponse|headers/);
      expect(seen(behaviour)).toEqual(seen(behaviour, resourceWording('sonorancad')));
    },
  );
});
