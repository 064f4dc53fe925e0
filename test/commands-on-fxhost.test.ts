import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FxHost } from '../packages/fxhost/src/index.ts';
import { printedBy } from '../packages/fxhost/test/write-resource.ts';
import { KEY, payload, postDirectly, type ServedResource, serveResource } from './serve-resource.ts';
import { until } from './until.ts';

const LICENSE = 'license:000000000000000000000000000000000000000c';

/** @returns what the resource printed while the command line ran */
function answered(host: FxHost, line: string, run: () => void = () => host.execute(line)): string[] {
  const before = printedBy(host, 'sonorancad').length;
  run();
  return printedBy(host, 'sonorancad').slice(before);
}

/** As somebody types it in the game. */
function runAs(host: FxHost, player: ReturnType<FxHost['addPlayer']>, line: string): string[] {
  const { accessControl, commands, players } = host.natives;
  return answered(host, line, () =>
    accessControl.runAs(players.principalsOf(player.player), () => commands.execute(line, { source: player.id })),
  );
}

describe('the command on the stand-in', () => {
  let served: ServedResource;
  afterEach(() => served.close());

  const consumer = `
    on('sonorancad:ready', () => {
      exports.sonorancad.onPushEvent('*', (event) => console.log('export', event.type, event.source));
    });
    on('sonorancad:pushEvent', (event) => console.log('event', event.type, event.source));
    emit('SonoranCAD::RegisterPushEvent', 'EVENT_UNIT_LOGOUT', () => console.log('body'));
    on('SonoranCAD::pushevents:UnitLogout', (ident) => console.log('legacy', ident));`;

  async function serve(): Promise<FxHost> {
    served = await serveResource({ manualTicks: true });
    const { host } = served;
    served.add('consumer', consumer);
    host.ensure('sonorancad');
    host.ensure('consumer');
    host.tick(2);
    return host;
  }

  it('answers a remote console of the newer edition by the native for it', async () => {
    served = await serveResource({ manualTicks: true, edition: 'enhanced' });
    served.host.ensure('sonorancad');
    const printed = answered(served.host, 'sonorancad status');
    const remote = served.host.lines.filter((line) => line.startsWith('[remote] ')).map((line) => line.slice(9));
    expect(remote).toEqual(printed);
    expect(remote.length).toBeGreaterThan(3);
  });

  /** Lets what waits in the resource happen. */
  async function pass(host: FxHost): Promise<void> {
    host.pump();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async function post(host: FxHost, body: string): Promise<number> {
    let status = 0;
    postDirectly(host, body).then((answer) => {
      status = answer.status;
    });
    for (let passes = 0; passes < 5_000 && status === 0; passes += 1) await pass(host);
    for (let passes = 0; passes < 5; passes += 1) await pass(host);
    return status;
  }

  async function dispatched(host: FxHost): Promise<void> {
    for (let passes = 0; passes < 20; passes += 1) await pass(host);
    host.tick();
  }

  it('says of a file that cannot be read that it cannot, and counts nothing that the doctor sends', async () => {
    served = await serveResource();
    const { host, own } = served;
    writeFileSync(join(own, 'config.json'), `{ "apiKey": "${KEY}" "transport": "auto" }`);
    host.ensure('sonorancad');
    await until(() =>
      answered(host, 'sonorancad status').some((line) => /transport: .*, because config\.json cannot/.test(line)),
    );
    expect(answered(host, 'sonorancad status').join('\n')).not.toContain('transport is');
    host.execute('sonorancad doctor');
    await until(() => printedBy(host, 'sonorancad').some((line) => line.includes('/sonorancad/event answers on port')));
    expect(answered(host, 'sonorancad status')).toContain('refused: nothing');
    expect((await served.post('[]'))[0]).toBe(400);
    expect(answered(host, 'sonorancad status').join('\n')).toContain('refused: 1 ');
  });

  it('shows what came in over HTTP, what was refused, and who is known', async () => {
    const host = await serve();
    const player = host.addPlayer({ name: 'Jim Reed', identifiers: [LICENSE, 'ip:203.0.113.7'] });
    host.tick();
    expect(await post(host, payload('EVENT_UNIT_LOGIN'))).toBe(200);
    expect(await post(host, payload('EVENT_UNIT_LOGIN', 'a-wrong-key-for-testing'))).toBe(400);
    const status = answered(host, 'sonorancad status');
    expect(status).toContainEqual(expect.stringMatching(/^received by HTTP: 1, the last \d+ s ago$/));
    expect(status).toContain('by type: EVENT_UNIT_LOGIN 1');
    expect(status).toContain('refused: 1 with a wrong key');
    expect(status).toContain('players: 1, 1 matched with a unit');
    expect(answered(host, 'sonorancad units')[1]).toContain('1-ADAM-12');
    const explained = answered(host, `sonorancad player ${player.id}`);
    expect(explained[0]).toBe(`Player ${player.id} is unit 1-ADAM-12 (12), matched by ${LICENSE}.`);
    expect(explained.join()).not.toContain('203.0');
  });

  it('hands a simulated event to subscribers of each kind, and to the others only with --all, asked twice', async () => {
    const host = await serve();
    const heard = () => printedBy(host, 'consumer');
    host.execute('sonorancad test unit_logout');
    await dispatched(host);
    const ours = ['export EVENT_UNIT_LOGOUT simulated', 'event EVENT_UNIT_LOGOUT simulated'];
    expect(heard()).toEqual(ours);
    host.execute('sonorancad test unit_logout --all');
    await dispatched(host);
    expect(heard()).toEqual(ours);
    host.execute('sonorancad test unit_logout --all');
    await dispatched(host);
    expect(heard().slice(ours.length).sort()).toEqual(['body', 'legacy 990000012', ...ours].sort());
  });

  it('is for players with the ACE command.sonorancad, who are answered in their chat', async () => {
    const host = await serve();
    const player = host.addPlayer({ name: 'Chief', identifiers: [LICENSE] });
    host.tick();
    expect(runAs(host, player, 'sonorancad units')).toEqual([]);
    expect(player.received.filter(({ event }) => event === 'chat:addMessage')).toEqual([]);
    host.execute(`add_ace identifier.${LICENSE} command.sonorancad allow`);
    const lines = runAs(host, player, 'sonorancad units');
    expect(lines).toEqual(['No unit is signed in, as far as events have told since the start.']);
    host.tick();
    expect(player.received.filter(({ event }) => event === 'chat:addMessage').map(({ args }) => args)).toEqual([
      [{ args: lines }],
    ]);
  });

  it('switches debug lines on until the configuration is read again', async () => {
    const host = await serve();
    const debugLines = async () => {
      const before = printedBy(host, 'sonorancad').length;
      await post(host, payload('EVENT_UNIT_LOGIN'));
      return printedBy(host, 'sonorancad')
        .slice(before)
        .filter((line) => line.includes('[debug]')).length;
    };
    expect(await debugLines()).toBe(0);
    host.execute('sonorancad debug on');
    expect(await debugLines()).toBeGreaterThan(0);
    host.execute('sonorancad reload');
    expect(await debugLines()).toBe(0);
  });
});

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
