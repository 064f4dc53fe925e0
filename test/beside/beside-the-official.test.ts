import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ConnectedPlayer } from '../../scripts/fxhost/connected-players.ts';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';
import { printedBy } from '../fxhost/write-resource.ts';
import { payload } from '../serve-resource.ts';
import { until } from '../until.ts';
import { type Both, type Got, OFFICIAL, OURS, serveBoth } from './both-resources.ts';

const TYPES = readdirSync(join(import.meta.dirname, '../fixtures/push-events')).map((file) =>
  file.replace('.json', ''),
);
const OFFICER = { name: 'Jim Reed', identifiers: ['license:000000000000000000000000000000000000000c'] };

let both: Both;
afterEach(() => both.close());

const names = (got: readonly Got[], prefix: string, by?: string): string[] =>
  got.filter(([name, sender]) => name.startsWith(prefix) && (by === undefined || sender === by)).map(([name]) => name);
const typesOf = (got: readonly Got[], name: string): (string | undefined)[] =>
  got
    .filter(([each]) => each === name)
    .map(([, , type]) => type)
    .sort();
/** What was shown to a player, which the net event of ours is not. */
const shown = ({ received }: ConnectedPlayer): unknown[] =>
  received.filter(({ event }) => event !== 'sonorancad:pushEvent').map(({ event }) => event);
const posts = () => Number(both.host.callExport(OFFICIAL, 'posts'));

describe('beside the official resource', () => {
  it('each event reaches consumers once, with the official events from the official resource alone', async () => {
    both = await serveBoth({ types: TYPES });
    const got = await both.push(TYPES.map((type) => payload(type)));
    expect(typesOf(got, 'pushEvent')).toEqual(TYPES);
    expect(typesOf(got, 'export')).toEqual(TYPES);
    expect(typesOf(got, 'handler')).toEqual(TYPES);
    expect(names(got, 'handler', OURS)).toEqual([]);
    expect(names(got, 'SonoranCAD::', OURS)).toEqual([]);
    expect(names(got, 'SonoranCAD::pushevents:UnitLogin')).toHaveLength(1);
    expect(names(got, 'SonoranCAD::pushevents:Tone')).toHaveLength(1);
    expect(printedBy(both.host, OFFICIAL)).toEqual([]);
  });

  it('nothing goes round between the two, even with a target that leads back', async () => {
    both = await serveBoth();
    await both.push([payload('EVENT_911'), payload('EVENT_TONE')]);
    const { targets, stoppedLoops } = both.host.callExport(OURS, 'getForwardingStatus') as ForwardingStatus;
    expect([targets, stoppedLoops]).toEqual([[], 0]);
    // The two, and the one that marks the end.
    expect(posts()).toBe(3);
    const refused = printedBy(both.host, OURS).filter((line) => line.includes('leads back here'));
    expect(refused).toEqual([expect.stringContaining(`:${both.host.port}/sonorancad/event`)]);
  });

  it('players are told nothing, and neither the convars nor the commands of the official resource are touched', async () => {
    both = await serveBoth();
    const { host } = both;
    const officer = host.addPlayer(OFFICER);
    await both.push([payload('EVENT_UNIT_LOGIN')]);
    await both.push([payload('EVENT_911'), payload('EVENT_DISPATCH_NEW')]);
    expect(shown(officer)).toEqual([]);
    expect(host.getConvar('sonoran_communityID')).toBe('theirs');
    host.natives.runAsPlayer(officer.id, 'dn gps on');
    host.natives.runAsPlayer(officer.id, 'cadnotify off');
    expect(printedBy(host, OFFICIAL)).toEqual([`dn of ${officer.id}`]);
    expect(shown(officer)).toEqual([]);
  });

  it('all of that begins when it stops, and ends when it starts again', async () => {
    both = await serveBoth({ types: ['EVENT_911'] });
    const { host } = both;
    const officer = host.addPlayer(OFFICER);
    await both.push([payload('EVENT_UNIT_LOGIN')]);
    expect(shown(officer)).toEqual([]);

    host.stop(OFFICIAL);
    const alone = await both.push([payload('EVENT_911')], OURS);
    expect(alone).toEqual([
      ['SonoranCAD::pushevents:EmergencyCacheUpdated', OURS],
      ['SonoranCAD::pushevents:IncomingCadCall', OURS],
      ['handler', OURS, 'EVENT_911'],
      ['export', OURS, 'EVENT_911'],
      ['pushEvent', OURS, 'EVENT_911'],
    ]);
    await until(() => shown(officer).length > 0);
    expect(host.getConvar('sonoran_communityID')).toBe('ours');
    const told = shown(officer).length;
    await until(() => host.natives.commands.names().includes('cadnotify'));
    host.natives.runAsPlayer(officer.id, 'cadnotify');
    await until(() => shown(officer).length > told);

    host.start(OFFICIAL);
    const silent = shown(officer).length;
    const again = await both.push([payload('EVENT_TONE'), payload('EVENT_911')]);
    expect(names(again, 'SonoranCAD::', OURS)).toEqual([]);
    expect(names(again, 'SonoranCAD::', OFFICIAL).sort()).toEqual([
      'SonoranCAD::pushevents:EmergencyCacheUpdated',
      'SonoranCAD::pushevents:IncomingCadCall',
      'SonoranCAD::pushevents:Tone',
    ]);
    expect(typesOf(again, 'pushEvent')).toEqual(['EVENT_911', 'EVENT_TONE']);
    expect(shown(officer)).toHaveLength(silent);
  });
});

it('what scripts ask by the events of the official resource is left to it, until it stops', async () => {
  both = await serveBoth();
  const { host } = both;
  const ask = () => {
    host.emit('SonoranCAD::callcommands:SendCallApi', true, 'Clerk', 'Pier', 'Fire', 0);
    host.emit('SonoranCAD::pushevents:shim', '{}');
  };
  ask();
  expect(names(await both.push([]), 'SonoranCAD::callcommands:')).toEqual([]);
  host.stop(OFFICIAL);
  ask();
  expect(names(await both.push([], OURS), 'SonoranCAD::callcommands:', OURS)).toEqual([
    'SonoranCAD::callcommands:cadIncomingCall',
  ]);
  const unanswered = printedBy(host, OURS).filter((line) => line.includes('only the official resource answers'));
  expect(unanswered).toHaveLength(1);
});

describe('legacyEvents', () => {
  const loginBy = (got: readonly Got[]) =>
    got
      .filter(([name]) => name === 'SonoranCAD::pushevents:UnitLogin')
      .map(([, by]) => by)
      .sort();

  it('on triggers the official events here too while the official resource runs', async () => {
    both = await serveBoth({ config: { legacyEvents: 'on' } });
    expect(loginBy(await both.push([payload('EVENT_UNIT_LOGIN')]))).toEqual([OFFICIAL, OURS]);
  });

  it('off triggers none of them, even when the official resource has stopped, and still serves handlers', async () => {
    both = await serveBoth({ types: ['EVENT_UNIT_LOGIN'], config: { legacyEvents: 'off' } });
    both.host.stop(OFFICIAL);
    const got = await both.push([payload('EVENT_UNIT_LOGIN')], OURS);
    expect(names(got, 'SonoranCAD::')).toEqual([]);
    expect(typesOf(got, 'handler')).toEqual(['EVENT_UNIT_LOGIN']);
  });
});
