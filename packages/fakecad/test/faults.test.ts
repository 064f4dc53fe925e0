import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../test/manual-clock.ts';
import { until } from '../../../test/until.ts';
import { activeFaults, createFaults, faultNames, switchFault } from '../src/faults.ts';
import { connectRaw, HANDSHAKE, invoke } from './hub/raw-client.ts';
import { ask, CAD_KEY, closeCads, startCad } from './started-cads.ts';

afterEach(closeCads);

const VERSION = 'GET /v2/general/version';
const UNITS = 'GET /v2/emergency/servers/1/units';

describe('a fault of the pretend CAD', () => {
  it('lets nobody in', async () => {
    const cad = await startCad();
    cad.faults.refuseAuth = true;
    expect((await ask(cad, VERSION)).status).toBe(401);
    const client = await connectRaw(cad);
    client.send(HANDSHAKE);
    expect((await invoke(client, 'authenticatev2', 'community', CAD_KEY, 1)).result).toMatchObject({ success: false });
  });

  it('answers so many requests with 429, then as always', async () => {
    const cad = await startCad();
    cad.faults.next429 = { count: 2, retryAfter: 7 };
    const answers = [await ask(cad, VERSION), await ask(cad, VERSION), await ask(cad, VERSION)];
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [429, '7'],
      [429, '7'],
      [200, null],
    ]);
  });

  it('answers so many requests with 500, only where it is meant for', async () => {
    const cad = await startCad();
    Object.assign(cad.faults, { next500: 1, only: /^GET .*\/units$/ });
    expect((await ask(cad, VERSION)).status).toBe(200);
    expect((await ask(cad, UNITS)).body).toMatchObject({ status: 500, traceId: expect.any(String) });
    expect((await ask(cad, UNITS)).status).toBe(200);
  });

  it('answers late, when what was asked has long been done', async () => {
    const clock = createManualClock();
    const cad = await startCad({ clock });
    cad.faults.slowMs = 3000;
    const answer = ask(cad, 'POST /v2/general/servers/1/heartbeat', { playerCount: 5 });
    await until(() => clock.waiting > 0);
    expect(cad.world.at(1).playerCount).toBe(5);
    expect(cad.requests[0]?.status).toBe(0);
    clock.advance(3000);
    expect((await answer).status).toBe(200);
  });

  it('breaks off lists, in the text or in the connection, and nothing else', async () => {
    const cad = await startCad({ enforceLimits: false });
    cad.world.at(1).units = Array.from({ length: 50 }, (_, id) => ({ id }));
    const units = () =>
      fetch(`${cad.url}/v2/emergency/servers/1/units`, { headers: { Authorization: `Bearer ${CAD_KEY}` } });
    const whole = await (await units()).text();
    cad.faults.halfAPage = 'truncated';
    const half = await (await units()).text();
    expect([half.length, whole.startsWith(half)]).toEqual([Math.ceil(whole.length / 2), true]);
    cad.faults.halfAPage = 'hangUp';
    const response = await units();
    expect(response.headers.get('content-length')).toBe(String(whole.length));
    const read = await response.text().then(
      () => 'whole',
      () => 'cut',
    );
    expect(read).toBe('cut');
    expect((await ask(cad, VERSION)).body.name).toBe('PLUS');
  });

  it('puts unknown fields into lists, and no values into maps of texts', async () => {
    const cad = await startCad();
    cad.faults.unknownFields = true;
    const call = { callId: 1, isEmergency: true, caller: '', location: '', description: '', metaData: { x: '1' } };
    cad.world.at(1).emergencyCalls = [call];
    const { body } = await ask(cad, 'GET /v2/emergency/servers/1/calls');
    const addedLater = expect.any(Object);
    expect(body).toEqual(expect.objectContaining({ EmergencyCalls: [{ ...call, addedLater }], addedLater }));
    expect(cad.world.at(1).emergencyCalls).toEqual([call]);
  });

  it('hangs up on every request, but for the page', async () => {
    const cad = await startCad();
    cad.faults.refuseConnections = true;
    await expect(ask(cad, VERSION)).rejects.toThrow('fetch failed');
    expect((await fetch(`${cad.url}/state`)).status).toBe(200);
  });

  it('keeps the hub silent, while the CAD believes that its events arrive', async () => {
    const cad = await startCad();
    const client = await connectRaw(cad);
    client.send(HANDSHAKE);
    await invoke(client, 'authenticatev2', 'community', CAD_KEY, 1);
    cad.faults.mute = true;
    expect(await cad.push('EVENT_TONE', { number: 1 })).toBe('session');
    cad.faults.mute = false;
    await cad.push('EVENT_TONE', { number: 2 });
    const { arguments: args } = await client.next({ target: 'pushEvent' });
    expect(args).toMatchObject([{ data: { number: 2 } }]);
  });
});

describe('switching faults by name', () => {
  it.each(faultNames)('turns %s on and off', (name) => {
    const faults = createFaults();
    expect(activeFaults(faults)).toEqual([]);
    switchFault(faults, name, true);
    expect(activeFaults(faults)).toEqual([name]);
    switchFault(faults, name, false);
    expect(faults).toEqual(createFaults());
  });
});
