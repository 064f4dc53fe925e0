import { afterEach, describe, expect, it } from '@jest/globals';
import { payload, type ServedResource, serveResource } from './serve-resource.ts';
import { until } from './until.ts';

const OFFICER = { name: 'Jim Reed', identifiers: ['license:000000000000000000000000000000000000000c'] };

describe('players on the stand-in', () => {
  let served: ServedResource;
  afterEach(() => served.close());

  it('are told of a 911 call and sent it when they are on duty, without what is none of their business', async () => {
    served = await serveResource();
    const { host, post } = served;
    host.ensure('sonorancad');
    const officer = host.addPlayer(OFFICER);
    const civilian = host.addPlayer({ name: 'Lamar', identifiers: ['license:ffff'] });
    // The server hears at its next tick that players are there.
    host.tick();
    expect(await post(payload('EVENT_UNIT_LOGIN'))).toEqual([200, 'ok']);
    expect(await post(payload('EVENT_911'))).toEqual([200, 'ok']);
    await until(() => officer.received.length >= 3);
    host.tick(2);
    const sent = officer.received.filter(
      ({ event, args }) => event === 'sonorancad:pushEvent' && args[0] === 'EVENT_911',
    );
    expect(sent.map(({ args }) => args[1])).toEqual([
      { call: expect.objectContaining({ callId: 302, caller: 'Lamar Davis' }) },
    ]);
    expect(JSON.stringify(officer.received)).toContain('Someone is breaking into my car!');
    expect(JSON.stringify(officer.received)).not.toMatch(/license:|steam:|7d0c1a2e/);
    expect(JSON.stringify(civilian.received)).not.toContain('breaking into');
  });
});
