import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../../src/events/key-ring.ts';
import { createDurableForwarder } from '../../../src/forward/durable-forwarder.ts';
import { resourceWording, type Wording } from '../../../src/forward/queues/outcomes.ts';
import { eventOfBody } from '../../event-of.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { createMemoryStore } from '../memory-store.ts';
import { type Behaviour, createScriptedTarget, createTarget } from '../scripted-target.ts';

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
  const forwarder = createDurableForwarder(options);
  const body = { type: 'EVENT_TONE', data: { url: 'https://tones.example/a.mp3', playTonesTo: [] } };
  forwarder.enqueue(eventOfBody(body), Buffer.from(JSON.stringify(body)));
  clock.advance(30_000);
  return log.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
}

const OWN: Wording = {
  endWait: (target) => `call ${target}`,
  afterGivingUp: 'it is in the drawer',
  afterRemoval: 'which are in the drawer',
  beginAnew: 'count to ten',
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
