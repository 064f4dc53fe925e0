import { expect, it } from '@jest/globals';
import { applyEvent } from '../../../scripts/fakecad/world/apply-event.ts';
import { createWorld } from '../../../scripts/fakecad/world/world.ts';
import { readSamples } from '../../../scripts/send/sample-payloads.ts';

const samples = readSamples();

function worldAfter(...types: string[]) {
  const world = createWorld([{ id: 1 }]);
  for (const type of types) applyEvent(world, 1, type, samples[type]?.data);
  return world;
}

it('units come, change and go', () => {
  const statuses = (...types: string[]) =>
    worldAfter(...types)
      .at(1)
      .units.map(({ id, status }) => [id, status]);
  expect(statuses('EVENT_UNIT_LOGIN')).toEqual([[12, 2]]);
  expect(statuses('EVENT_UNIT_LOGIN', 'EVENT_UNIT_UPDATE')).toEqual([
    [12, 3],
    [18, 4],
  ]);
  expect(statuses('EVENT_UNIT_LOGIN', 'EVENT_UNIT_STATUS')).toEqual([[12, 4]]);
  expect(statuses('EVENT_UNIT_LOGIN', 'EVENT_UNIT_LOGOUT')).toEqual([]);
  expect(worldAfter('EVENT_UNIT_LOGIN', 'EVENT_UNIT_PANIC').at(1).units).toMatchObject([{ isPanic: true }]);
});

it('dispatch calls come, change and are closed', () => {
  const calls = (...types: string[]) => worldAfter('EVENT_DISPATCH_NEW', ...types).at(1).dispatchCalls;
  expect(calls()).toMatchObject([{ callId: 501, priority: 2, idents: [12, 18] }]);
  expect(calls('EVENT_DISPATCH_EDIT')).toMatchObject([{ callId: 501, priority: 1, idents: [12, 18, 21] }]);
  expect(calls('EVENT_DISPATCH_UNIT_DETACH')).toMatchObject([{ idents: [18] }]);
  expect(calls('EVENT_DISPATCH_UNIT_DETACH', 'EVENT_DISPATCH_UNIT_ATTACH')).toMatchObject([{ idents: [18, 12] }]);
  expect(calls('EVENT_DISPATCH_NOTE')[0]?.notes).toHaveLength(2);
  const closed = worldAfter('EVENT_DISPATCH_NEW', 'EVENT_DISPATCH_CLOSED').at(1);
  expect([closed.dispatchCalls, closed.closedCalls]).toMatchObject([[], [{ callId: 501, status: 2 }]]);
});

it('911 calls come and go', () => {
  expect(worldAfter('EVENT_911').at(1).emergencyCalls).toMatchObject([{ callId: 302 }]);
  expect(worldAfter('EVENT_911', 'EVENT_REMOVE_911').at(1).emergencyCalls).toEqual([]);
});

it('players are linked', () => {
  expect([...worldAfter('EVENT_COMMUNITY_LINK_VERIFIED').links]).toHaveLength(1);
});

it('all others, and what is not understood, change nothing', () => {
  const untouched = createWorld([{ id: 1 }]).at(1);
  const others = Object.keys(samples).filter((type) =>
    /RECORD|GROUP|TONE|LOGS|ALERT|PAGER|CALLOUT|BODYCAM|SIGN|CHAR/.test(type),
  );
  expect(others.length).toBeGreaterThan(10);
  expect(worldAfter(...others).at(1)).toEqual(untouched);
  const world = createWorld([{ id: 1 }]);
  applyEvent(world, 1, 'EVENT_UNIT_LOGIN', { unit: 'none' });
  applyEvent(world, 1, 'constructor', {});
  expect(world.at(1)).toEqual(untouched);
});
