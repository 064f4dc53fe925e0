import { describe, expect, it } from '@jest/globals';
import { createCommand } from '../../src/commands/operator-command.ts';

describe('a subcommand whose answer takes a while', () => {
  it.each([
    ['an error', new Error('the CAD is gone'), 'the CAD is gone'],
    ["another resource's text", 'gone', 'gone'],
    ['nothing that says why', undefined, 'no reason given'],
  ])('says that it failed, and why, to whoever asked: %s', async (_what, thrown, reason) => {
    const printed: unknown[][] = [];
    const doctor = { description: 'looks', run: () => Promise.reject(thrown) };
    const command = createCommand('sonorancad', { doctor }, (...line) => void printed.push(line));
    command(7, ['Doctor']);
    await new Promise(setImmediate);
    expect(printed).toEqual([[`sonorancad doctor failed: ${reason}`, 7]]);
  });
});
