import { afterEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import { ask, closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

const SERVER = '/v2/emergency/servers/1';
const ABOUT = { origin: 1, status: 1, priority: 2, title: 'Collision', notes: ['two cars'] };

async function withCall(): Promise<{ cad: FakeCad; callId: number; at: string }> {
  const cad = await startCad({ enforceLimits: false });
  cad.world.at(1).units = [
    { id: 12, data: { communityUserId: 'license:12' } },
    { id: 18, data: { group: 'CAR-51' } },
  ];
  const { body } = await ask(cad, `POST ${SERVER}/dispatch-calls`, { ...ABOUT, communityUserIds: ['license:12'] });
  return { cad, callId: body.callId, at: `${SERVER}/dispatch-calls/${body.callId}` };
}

describe('911 calls of the pretend CAD', () => {
  it('are made, which a push event tells, and removed, which none does', async () => {
    const cad = await startCad();
    const about = { isEmergency: true, caller: 'Lamar', location: 'Alta St', description: 'Help!' };
    const made = await ask(cad, `POST ${SERVER}/calls/911`, {
      ...about,
      metaData: { x: '1.5' },
      deleteAfterMinutes: 5,
    });
    expect(made.body).toEqual({
      callId: expect.any(Number),
      ...about,
      metaData: { x: '1.5' },
      updated: expect.stringMatching(/Z$/),
    });
    expect(cad.world.at(1).emergencyCalls).toEqual([made.body]);
    const removed = await ask(cad, `DELETE ${SERVER}/calls/911/${made.body.callId}`);
    expect(removed.body).toEqual({ callId: made.body.callId, serverId: 1 });
    expect((await ask(cad, `DELETE ${SERVER}/calls/911/${made.body.callId}`)).status).toBe(404);
    expect(cad.pushes).toMatchObject([{ type: 'EVENT_911', serverId: 1 }]);
  });

  it('have texts only in their metadata', async () => {
    const about = { isEmergency: true, caller: '', location: '', description: '', metaData: { x: 1.5 } };
    expect((await ask(await startCad(), `POST ${SERVER}/calls/911`, about)).status).toBe(400);
  });
});

describe('the list of calls of the pretend CAD', () => {
  it('has names in Pascal case at the top only', async () => {
    const { cad, callId } = await withCall();
    const { body } = await ask(cad, `GET ${SERVER}/calls`);
    expect(body).toEqual({
      ActiveCalls: [expect.objectContaining({ callId, title: 'Collision', idents: [12] })],
      EmergencyCalls: [],
      ClosedCalls: [],
      ClosedCallCount: 0,
    });
    expect((await ask(cad, `GET ${SERVER}/calls?type=1`)).body.ActiveCalls).toEqual([]);
  });

  it('has as many closed calls as asked for', async () => {
    const { cad, callId } = await withCall();
    const second = await ask(cad, `POST ${SERVER}/dispatch-calls`, { ...ABOUT, accounts: [] });
    const callIds = [callId, second.body.callId];
    expect((await ask(cad, `POST ${SERVER}/dispatch-calls/close`, { callIds })).body).toEqual({ callIds });
    const { body } = await ask(cad, `GET ${SERVER}/calls?closedLimit=1&closedOffset=1`);
    expect(body).toMatchObject({
      ActiveCalls: [],
      ClosedCalls: [{ callId: callIds[1], status: 2 }],
      ClosedCallCount: 2,
    });
  });
});

describe('dispatch calls of the pretend CAD', () => {
  it('are for somebody, or expressly for nobody', async () => {
    const cad = await startCad();
    expect((await ask(cad, `POST ${SERVER}/dispatch-calls`, ABOUT)).status).toBe(400);
    const { body } = await ask(cad, `POST ${SERVER}/dispatch-calls`, { ...ABOUT, communityUserIds: [] });
    expect(body).toMatchObject({ ...ABOUT, idents: [], notes: [{ content: 'two cars', type: 'text' }] });
  });

  it('are edited in part, their metadata as a whole', async () => {
    const { cad, at } = await withCall();
    await ask(cad, `PATCH ${at}`, { metaData: { x: '1', y: '2' } });
    const { body } = await ask(cad, `PATCH ${at}`, { priority: 3, metaData: { z: '3' } });
    expect(body).toMatchObject({ title: 'Collision', priority: 3, idents: [12] });
    expect(body.metaData).toEqual({ z: '3' });
  });

  it('get and lose units', async () => {
    const { cad, callId, at } = await withCall();
    const attached = await ask(cad, `POST ${at}/attachments`, { groupName: 'CAR-51' });
    expect(attached.body).toEqual({ callId, identIds: [18] });
    expect(cad.world.at(1).dispatchCalls[0]?.idents).toEqual([12, 18]);
    const detached = await ask(cad, `DELETE ${SERVER}/dispatch-calls/attachments`, { identIds: [12] });
    expect(detached.body).toEqual({ identIds: [12] });
    expect(cad.world.at(1).dispatchCalls[0]?.idents).toEqual([18]);
  });

  it('get notes, a postal and a primary unit', async () => {
    const { cad, callId, at } = await withCall();
    const note = { note: 'tow on the way', noteType: 'text', label: '12' };
    expect((await ask(cad, `POST ${at}/notes`, note)).body).toMatchObject({
      callId,
      note: { content: 'tow on the way', type: 'text', label: '12', time: expect.stringMatching(/^\d\d:\d\d:\d\d$/) },
    });
    expect((await ask(cad, `PATCH ${at}/postal`, { postal: '8042' })).body).toEqual({ callId, postal: '8042' });
    const primary = { identId: 18, trackPrimary: true };
    expect((await ask(cad, `PATCH ${at}/primary`, primary)).body).toEqual(primary);
    const [call] = cad.world.at(1).dispatchCalls;
    expect(call).toMatchObject({ postal: '8042', primary: 18, trackPrimary: true });
    expect(call?.notes.map(({ content }) => content)).toEqual(['tow on the way', 'two cars']);
  });

  it.each(['POST attachments', 'POST notes', 'PATCH postal', 'PATCH primary'])(
    'say when there is none: %s',
    async (what) => {
      const [method, part] = what.split(' ');
      const body = { identIds: [1], note: 'a', postal: '1', identId: 1, trackPrimary: true };
      const answer = await ask(await startCad(), `${method} ${SERVER}/dispatch-calls/9/${part}`, body);
      expect(answer.status).toBe(404);
    },
  );

  it('are made from templates', async () => {
    const cad = await startCad();
    const [template] = (await ask(cad, 'GET /v2/emergency/dispatch-templates')).body;
    const { body } = await ask(cad, `POST ${SERVER}/custom-dispatch-calls`, {
      templateId: template.templateId,
      values: { plate: '46EEK572' },
      identIds: [],
    });
    expect(body).toMatchObject({ callId: expect.any(Number), template, values: { plate: '46EEK572' }, statusId: 1 });
    expect(cad.world.at(1).dispatchCalls).toHaveLength(1);
  });
});
