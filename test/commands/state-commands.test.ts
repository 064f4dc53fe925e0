import { describe, expect, it } from '@jest/globals';
import { setUpOperator } from './set-up-operator.ts';

describe('the command units', () => {
  it('says that nobody is signed in', () => {
    expect(setUpOperator().run('units')).toEqual(['No unit is signed in, as far as events have told since the start.']);
  });

  it('shows who is signed in, by the configured names of statuses, on which open calls, and which players they are', () => {
    const { run, push, configure } = setUpOperator({ 3: ['license:a'], 4: ['license:a'] });
    configure({ statusLabels: ['OFF', 'BUSY', 'FREE'] });
    const data = { apiIds: ['license:a'], unitNum: '1-ADAM-12', name: 'Jim Reed' };
    push('EVENT_UNIT_LOGIN', { unit: { id: 12, status: 2, data } });
    push('EVENT_UNIT_LOGIN', { unit: { id: 40, status: 7, data: { unitNum: 'D-1' } }, isDispatch: true });
    push('EVENT_UNIT_PANIC', { identIds: [12], isPanic: true });
    for (const callId of [501, 502, 503]) push('EVENT_DISPATCH_NEW', { dispatch: { callId, idents: [12] } });
    push('EVENT_DISPATCH_CLOSED', { callIds: [502] });
    expect(run('units')).toEqual([
      'ident  unit       name      status         calls     players',
      '12     1-ADAM-12  Jim Reed  FREE, PANIC    501, 503  3, 4',
      '40     D-1        -         7, dispatcher  -         -',
    ]);
  });

  it('shows 50 and says how many more there are', () => {
    const { run, push } = setUpOperator();
    for (let id = 1; id <= 62; id += 1) push('EVENT_UNIT_LOGIN', { unit: { id } });
    const lines = run('units');
    expect(lines).toHaveLength(52);
    expect(lines.at(-1)).toBe('… and 12 more');
  });
});

describe('the command calls', () => {
  it('says that there are none', () => {
    expect(setUpOperator().run('calls')).toEqual(['There are no dispatch calls.', 'No 911 call waits.']);
  });

  it('shows dispatch calls and 911 calls with their age, and shortens what people wrote', () => {
    const { run, push, clock } = setUpOperator();
    push('EVENT_UNIT_LOGIN', { unit: { id: 12, data: { unitNum: '1-ADAM-12' } } });
    push('EVENT_DISPATCH_NEW', { dispatch: { callId: 501, priority: 1, title: 'Collision', idents: [12, 18] } });
    push('EVENT_DISPATCH_NEW', {
      dispatch: { callId: 502, status: 0, description: 'x'.repeat(60), idents: [1, 2, 3, 4, 5, 6, 7, 8] },
    });
    clock.advance(280_000);
    push('EVENT_911', { call: { callId: 302, caller: 'Lamar', location: 'Forum Dr', description: 'My car!' } });
    push('EVENT_911', { call: { callId: 303, isEmergency: false } });
    push('EVENT_DISPATCH_NOTE', { callId: 501, note: { content: 'a' } });
    clock.advance(60_000);
    push('EVENT_DISPATCH_CLOSED', { callIds: [501] });
    clock.advance(30_000);
    expect(run('calls')).toEqual([
      'call  status   priority  title                                     units                     changed',
      `502   pending  2         ${'x'.repeat(39)}…  1, 2, 3, 4, 5, 6, 2 more  6 min`,
      '501   closed   1         Collision                                 1-ADAM-12, 18             30 s',
      'waiting  kind  caller  location  description  changed',
      '302      911   Lamar   Forum Dr  My car!      90 s',
      '303      311   -       -         -            90 s',
    ]);
  });

  it('shows 50 of each and says how many more there are', () => {
    const { run, push } = setUpOperator();
    for (let callId = 1; callId <= 51; callId += 1) {
      push('EVENT_DISPATCH_NEW', { dispatch: { callId } });
      push('EVENT_911', { call: { callId } });
    }
    const lines = run('calls');
    expect(lines).toHaveLength(104);
    expect([lines[51], lines[103]]).toEqual(['… and 1 more', '… and 1 more']);
  });
});

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
      'CAD account: none that this server knows of',
    ]);
    expect(lines.slice(3)).toEqual([
      expect.stringMatching(/^- Unit A-12 \(12\) has discord:00aa, /),
      expect.stringMatching(/^- The player has no steam identifier/),
      expect.stringMatching(/^- No signed-in unit has an identity/),
    ]);
  });
});
