import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { NativeCall } from '../packages/fxhost/src/index.ts';
import { manifest, serverWith } from '../packages/fxhost/test/server-with.ts';
import { displayText } from '../src/lib/text.ts';
import { systems } from '../src/notify/systems.ts';
import { HOSTILE } from './notify/hostile-text.ts';

const BUILT = readFileSync(join(import.meta.dirname, '..', 'resource', 'client.js'), 'utf8');

/** The built client script in a game, and a server that sends it what a test says. */
async function runClient() {
  const host = await serverWith({
    sonorancad: {
      'fxmanifest.lua': manifest(`server_script 'server.js'`, `client_script 'client.js'`),
      'server.js': `on('send', (name, id, ...args) => emitNet(name, id, ...args))`,
      'client.js': BUILT,
    },
  });
  let mark: [number, number] | null = null;
  const player = host.addPlayer();
  const client = host.runClient(player, 'sonorancad', {
    natives: {
      BeginTextCommandThefeedPost: () => null,
      AddTextComponentSubstringPlayerName: () => null,
      ThefeedSetNextPostBackgroundColor: () => null,
      EndTextCommandThefeedPostMessagetextTu: () => 1,
      PlaySoundFrontend: () => null,
      IsWaypointActive: () => (mark === null ? false : 1),
      GetFirstBlipInfoId: () => 99,
      GetBlipInfoIdCoord: () => [...(mark ?? [0, 0]), 0],
      SetNewWaypoint(x, y) {
        mark = [Math.fround(Number(x)), Math.fround(Number(y))];
      },
      SetWaypointOff() {
        mark = null;
      },
    },
  });
  let seen = 0;
  return {
    client,
    setMark(place: [number, number]) {
      mark = place;
    },
    mark: () => mark,
    /** @returns the calls of natives that came of it */
    send(name: string, ...args: unknown[]): NativeCall[] {
      host.emit('send', name, player.id, ...args);
      const made = client.calls.slice(seen);
      seen = client.calls.length;
      return made;
    },
  };
}

const textOf = (calls: readonly NativeCall[]) =>
  calls.filter(({ name }) => name === 'AddTextComponentSubstringPlayerName').map(({ args }) => args[0]);

describe('the client script', () => {
  it("shows a notification by the game's own means, with nothing in it that the game takes for a code", async () => {
    const { send, client } = await runClient();
    const delivery = systems.native.deliver({
      title: '~r~Panic <b>',
      message: displayText(HOSTILE, 800),
      kind: 'urgent',
      durationMs: 16_000,
    });
    if (delivery.by !== 'event') throw new Error('the native system sends an event');
    const calls = send(delivery.name, ...delivery.args);
    expect(calls.map(({ name }) => name)).toEqual([
      'BeginTextCommandThefeedPost',
      'AddTextComponentSubstringPlayerName',
      'AddTextComponentSubstringPlayerName',
      'ThefeedSetNextPostBackgroundColor',
      'EndTextCommandThefeedPostMessagetextTu',
    ]);
    expect(textOf(calls).join('')).toBe(
      'a % b ^1red ˜r˜x ‹img src=x onerror=alert(1)› ![](http://x) $& {apiKey}~n~~n~    - _li_~n~gnp "q" &amp;',
    );
    expect(calls.at(-1)?.args).toEqual(['CHAR_CALL911', 'CHAR_CALL911', true, 0, '˜r˜Panic ‹b›', '', 2]);
    expect(client.lines).toEqual([]);
  });

  it('gives the game a long text in pieces that it takes, cut between characters and not inside a line break', async () => {
    const { send } = await runClient();
    const message = `${'é'.repeat(49)}\n${'🚓'.repeat(500)}`;
    const calls = send('sonorancad:notify', { title: 't', message, kind: 'info', durationMs: 8_000 });
    const parts = textOf(calls).map(String);
    expect(parts[0]).toBe('é'.repeat(49));
    expect(parts[1]).toBe(`~n~${'🚓'.repeat(24)}`);
    expect(parts).toHaveLength(9);
    for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(99);
  });

  it('marks a call on the map and takes the mark away, but never one of the player', async () => {
    const { send, mark, setMark } = await runClient();
    send('sonorancad:waypoint', { callId: 5, x: 402.5, y: -981.1, isMove: false });
    expect(mark()).toEqual([402.5, Math.fround(-981.1)]);
    send('sonorancad:waypoint', { callId: 5, x: 1, y: 2, isMove: true });
    expect(mark()).toEqual([1, 2]);
    send('sonorancad:clearWaypoint', 5);
    expect(mark()).toBeNull();
    setMark([7, 7]);
    send('sonorancad:waypoint', { callId: 6, x: 1, y: 2, isMove: false });
    send('sonorancad:clearWaypoint', null);
    expect(mark()).toEqual([7, 7]);
  });

  it('has the exports of the official resource, and takes the mode from the server', async () => {
    const { send, client } = await runClient();
    expect([client.callExport('getApiMode'), client.callExport('isPluginLoaded', 'bodycam')]).toEqual([1, false]);
    send('sonorancad:client:apiMode', 0);
    expect(client.callExport('getApiMode')).toBe(0);
    send('sonorancad:client:apiMode', 1);
    expect(client.callExport('getApiMode')).toBe(1);
    expect(client.lines).toEqual([]);
  });

  it('has the export that makes pictures of faces in name only, and says so once', async () => {
    const { client } = await runClient();
    const told: unknown[][] = [];
    for (let call = 0; call < 2; call += 1)
      client.callExport('getBase64', 1, (...args: unknown[]) => void told.push(args));
    expect(told).toEqual([
      [expect.any(String), false],
      [expect.any(String), false],
    ]);
    expect(client.lines.filter((line) => line.includes('getBase64'))).toHaveLength(1);
  });

  it('plays a sound that only its player hears', async () => {
    const { send } = await runClient();
    expect(send('sonorancad:sound', 'Beep_Red', 'A_SET')).toEqual([
      { name: 'PlaySoundFrontend', args: [-1, 'Beep_Red', 'A_SET', true] },
    ]);
  });
});
