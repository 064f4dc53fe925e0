import { describe, expect, it } from '@jest/globals';
import { setUpOperator } from './set-up-operator.ts';

const unit = (id: number, more: object) => ({ unit: { id, data: { unitNum: `A-${id}` }, ...more } });

describe('the command player', () => {
  it.each(['player', 'player jim', 'player 3 4', 'player -1', 'player 1e3'])(
    'shows how it is used for "%s"',
    (line) => {
      expect(setUpOperator().run(line)).toEqual([
        'sonorancad player <id>: <id> is a server id, a number; it is in the player list of the game and of txAdmin.',
      ]);
    },
  );

  it('says that somebody is not connected', () => {
    expect(setUpOperator({ 3: ['license:a'] }).run('player 4')).toEqual([
      'Player 4 is not connected. Server ids are in the player list of the game and of txAdmin.',
    ]);
  });

  it('says which units a player is and by what, with all their identifiers but the address', () => {
    const { run, push } = setUpOperator({ 3: ['license:00aa', 'steam:1', 'ip:203.0.113.7'] });
    push('EVENT_UNIT_LOGIN', unit(12, { data: { apiIds: ['00AA'], unitNum: 'A-12' } }));
    push('EVENT_UNIT_LOGIN', unit(13, { accId: 'Account-1' }));
    push('EVENT_UNIT_LOGIN', unit(14, { data: { apiIds: ['203.0.113.7'], unitNum: '' } }));
    push('EVENT_COMMUNITY_LINK_VERIFIED', { communityUserId: 'steam:1', accountUuid: 'account-1' });
    push('EVENT_UNIT_UPDATE', { units: [{ id: 13, accId: 'account-1' }] });
    expect(run('player 3')).toEqual([
      'Player 3 is unit A-12 (12), matched by license:00aa.',
      'Player 3 is unit 14, matched by ip:(not shown).',
      'Player 3 is unit A-13 (13), matched by account-1.',
      'identifiers: license:00aa, steam:1, ip:(not shown)',
      'CAD account: account-1, linked with steam:1',
    ]);
  });

  it('says why a player is none, and what to do about it', () => {
    const { run, push, configure } = setUpOperator({ 3: ['license:00aa', 'ip:203.0.113.7'] });
    configure({ primaryIdentifier: 'steam' });
    push('EVENT_UNIT_LOGIN', unit(12, { data: { apiIds: ['discord:00aa'], unitNum: 'A-12' } }));
    const lines = run('player 3');
    expect(lines.slice(0, 3)).toEqual([
      'Player 3 is no unit.',
      'identifiers: license:00aa, ip:(not shown)',
      'CAD account: none that this server has heard of',
    ]);
    expect(lines.slice(3)).toEqual([
      expect.stringMatching(/^- Unit A-12 \(12\) has discord:00aa, /),
      expect.stringMatching(/^- The player has no steam identifier/),
      expect.stringMatching(/^- No signed-in unit has an identity/),
    ]);
  });
});
