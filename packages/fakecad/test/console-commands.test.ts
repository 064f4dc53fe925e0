import { afterEach, describe, expect, it } from '@jest/globals';
import { closeCads, startCad } from '../../packages/fakecad/test/started-cads.ts';
import { runFakeCadCommand } from '../../scripts/start/fakecad-command.ts';
import { until } from '../until.ts';

afterEach(closeCads);

describe('commands for the pretend CAD', () => {
  it('fire sample events', async () => {
    const cad = await startCad();
    const printed: string[] = [];
    expect(runFakeCadCommand(cad, ' fakecad fire unit_login', (text) => printed.push(text))).toBe(true);
    await until(() => printed.length > 0);
    expect(printed).toEqual([expect.stringMatching(/^EVENT_UNIT_LOGIN did not get through: .*no address/)]);
    expect(cad.world.at(1).units).toMatchObject([{ id: 12 }]);
    runFakeCadCommand(cad, 'fakecad fire nothing', (text) => printed.push(text));
    await until(() => printed.length > 1);
    expect(printed[1]).toContain('There is no sample of "nothing"');
  });

  it.each([
    ['fakecad fault mute on', 'mute is on.'],
    ['fakecad drop', 'Sessions dropped: 0.'],
    ['fakecad drop half', 'Sessions dropped: 0.'],
    ['fakecad', 'fakecad fire TYPE'],
    ['fakecad fault only on', 'fakecad fire TYPE'],
    ['fakecad fault mute maybe', 'fakecad fire TYPE'],
  ])('print what came of %s', async (line, text) => {
    const printed: string[] = [];
    runFakeCadCommand(await startCad(), line, (more) => printed.push(more));
    expect(printed).toEqual([expect.stringContaining(text)]);
  });

  it('switch faults', async () => {
    const cad = await startCad();
    runFakeCadCommand(cad, 'fakecad fault next500 on', () => {});
    expect(cad.faults.next500).toBe(Number.POSITIVE_INFINITY);
    runFakeCadCommand(cad, 'fakecad fault next500 off', () => {});
    expect(cad.faults.next500).toBe(0);
  });

  it('leave all other lines to the server', async () => {
    const cad = await startCad();
    expect(runFakeCadCommand(cad, 'restart sonorancad', () => {})).toBe(false);
    expect(runFakeCadCommand(cad, 'fakecads', () => {})).toBe(false);
  });
});
