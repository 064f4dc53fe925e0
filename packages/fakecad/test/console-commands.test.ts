import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/until.ts';
import { runCommand } from '../src/console-commands.ts';
import { closeCads, startCad } from './started-cads.ts';

afterEach(closeCads);

describe('commands for the pretend CAD', () => {
  it('fire sample events', async () => {
    const cad = await startCad();
    const printed: string[] = [];
    runCommand(cad, ' fire unit_login', (text) => printed.push(text));
    await until(() => printed.length > 0);
    expect(printed).toEqual([expect.stringMatching(/^EVENT_UNIT_LOGIN did not get through: .*no address/)]);
    expect(cad.world.at(1).units).toMatchObject([{ id: 12 }]);
    runCommand(cad, 'fire nothing', (text) => printed.push(text));
    await until(() => printed.length > 1);
    expect(printed[1]).toContain('There is no sample of "nothing"');
  });

  it.each([
    ['fault mute on', 'mute is on.'],
    ['drop', 'Sessions dropped: 0.'],
    ['drop half', 'Sessions dropped: 0.'],
    ['help', 'fire TYPE'],
    ['fault only on', 'fire TYPE'],
    ['fault mute maybe', 'fire TYPE'],
  ])('print what came of %s', async (line, text) => {
    const printed: string[] = [];
    runCommand(await startCad(), line, (more) => printed.push(more));
    expect(printed).toEqual([expect.stringContaining(text)]);
  });

  it('switch faults', async () => {
    const cad = await startCad();
    runCommand(cad, 'fault next500 on', () => {});
    expect(cad.faults.next500).toBe(Number.POSITIVE_INFINITY);
    runCommand(cad, 'fault next500 off', () => {});
    expect(cad.faults.next500).toBe(0);
  });
});
