import { describe, expect, it } from '@jest/globals';
import { createPrint } from '../../src/commands/operator-command.ts';
import { createRecordingClients } from '../recording-clients.ts';

const HOSTILE = '^1red ^*bold \u001b[31m \u202eback\nsecond <b>line</b>';

function setUp() {
  const written: string[] = [];
  const clients = createRecordingClients();
  return { written, clients, print: createPrint({ write: (line) => written.push(line), clients }) };
}

describe('a line of an answer', () => {
  it('goes to the console alone when the console asks', () => {
    const { written, clients, print } = setUp();
    print('ident  unit', 0);
    expect(written).toEqual(['ident  unit']);
    expect(clients.sent).toEqual([]);
  });

  it('goes to the chat of the player who asks too, with columns that do not run together', () => {
    const { written, clients, print } = setUp();
    print('ident  unit', 7);
    expect(written).toEqual(['ident  unit']);
    expect(clients.sent).toEqual([
      { name: 'chat:addMessage', target: 7, args: [{ args: ['ident · unit'] }], isSlow: false },
    ]);
  });

  it('shows what people typed as they typed it, on one line, without colours', () => {
    const { written, clients, print } = setUp();
    print(HOSTILE, 7);
    expect(written).toEqual(['^\\1red ^\\*bold \\u{1b}[31m \\u{202e}back\\nsecond <b>line</b>']);
    expect(clients.sent[0]?.args).toEqual([{ args: ['^\u200b1red ^\u200b*bold [31m back / second <b>line</b>'] }]);
  });
});
