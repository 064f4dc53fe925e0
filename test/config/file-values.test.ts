import { describe, expect, it } from '@jest/globals';
import { goodKey, load } from './fake-source.ts';

describe('names in the file', () => {
  it('that only the official resource has a use for are accepted in silence, in any case', () => {
    expect(
      load({ postTime: 5000, LINKPOLLINTERVALMS: 1, allowAutoUpdate: true, disableOverride: false }).lines,
    ).toEqual([]);
  });

  it('that are unknown warn with the nearest known name', () => {
    expect(load({ pushEventForwardURI: 'http://203.0.113.5' }).problems).toEqual([
      {
        level: 'warn',
        line: '"pushEventForwardURI" in config.json is unknown and has no effect: did you mean pushEventForwardUrl?',
      },
    ]);
  });

  it('that resemble nothing warn without a guess', () => {
    expect(load({ qqqqqqqqqqqqqqqqqqqqqq: 1 }).lines).toEqual([
      '"qqqqqqqqqqqqqqqqqqqqqq" in config.json is unknown and has no effect: docs/configuration.md lists all keys',
    ]);
  });

  it('in the wrong case are taken, with a warning', () => {
    const { config, problems } = load({ SERVERID: 9 });
    expect(config.serverId).toBe(9);
    expect(problems).toEqual([
      { level: 'warn', line: '"SERVERID" in config.json is taken as serverId: please write it so' },
    ]);
  });

  it('in the wrong case are not taken beside the right one', () => {
    const { config, lines } = load({ serverid: 9, serverId: 2 });
    expect(config.serverId).toBe(2);
    expect(lines).toEqual(['"serverid" in config.json is unknown and has no effect: did you mean serverId?']);
  });

  it('in two wrong cases are not taken', () => {
    const { config, lines } = load({ serverid: 9, SERVERID: 8 });
    expect(config.serverId).toBe(1);
    expect(lines).toHaveLength(2);
  });

  it('like __proto__ and constructor are unknown names like any other', () => {
    const { config, lines } = load(`{"apiKey":"${goodKey}","__proto__":{"serverId":5},"constructor":1}`);
    expect(config.serverId).toBe(1);
    expect(lines).toHaveLength(2);
  });

  it('are defused before they reach the console', () => {
    const [line] = load({ 'a\n^1b\u202E': 1 }).lines;
    expect(line).toContain('"a\\n^\\1b\\u{202e}"');
  });
});
