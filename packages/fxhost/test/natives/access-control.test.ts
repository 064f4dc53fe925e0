import { describe, expect, it } from '@jest/globals';
import { createAccessControl } from '../../src/natives/access-control.ts';

describe('access control', () => {
  it('lets nobody but the console do anything at first', () => {
    const access = createAccessControl();
    expect(access.principalMay('system.console', 'command.ensure')).toBe(true);
    expect(access.principalMay('system.console', 'other')).toBe(false);
    expect(access.principalMay('group.admin', 'command.ensure')).toBe(false);
  });

  it('covers what is below an object, at dots only', () => {
    const access = createAccessControl();
    access.addAce('group.admin', 'command.sonoran', 'allow');
    expect(access.principalMay('group.admin', 'command.sonoran')).toBe(true);
    expect(access.principalMay('group.admin', 'command.sonoran.reload')).toBe(true);
    expect(access.principalMay('group.admin', 'command.sonorancad')).toBe(false);
    expect(access.principalMay('group.admin', 'command')).toBe(false);
  });

  it('compares names in any case', () => {
    const access = createAccessControl();
    access.addAce('Group.Admin', 'Command.X', 'allow');
    expect(access.principalMay('group.ADMIN', 'command.x')).toBe(true);
  });

  it('inherits over several steps, and survives a circle', () => {
    const access = createAccessControl();
    access.addPrincipal('identifier.license:1', 'group.admin');
    access.addPrincipal('group.admin', 'group.mod');
    access.addPrincipal('group.mod', 'group.admin');
    access.addAce('group.mod', 'x', 'allow');
    expect(access.principalMay('identifier.license:1', 'x')).toBe(true);
    access.removePrincipal('identifier.license:1', 'group.admin');
    expect(access.principalMay('identifier.license:1', 'x')).toBe(false);
  });

  it('gives everybody what builtin.everyone has', () => {
    const access = createAccessControl();
    access.addAce('builtin.everyone', 'x', 'allow');
    expect(access.principalMay('player.7', 'x')).toBe(true);
    access.removeAce('builtin.everyone', 'x', 'allow');
    expect(access.principalMay('player.7', 'x')).toBe(false);
  });

  it('lets a deny win over an allow, however general it is', () => {
    const access = createAccessControl();
    access.addAce('group.admin', 'command.quit', 'allow');
    access.addAce('builtin.everyone', 'command', 'deny');
    expect(access.principalMay('group.admin', 'command.quit')).toBe(false);
  });

  it('judges each of several principals on its own', () => {
    const access = createAccessControl();
    access.addAce('identifier.a', 'x', 'allow');
    access.addAce('identifier.b', 'x', 'deny');
    expect(access.anyMay(['identifier.b', 'identifier.a'], 'x')).toBe(true);
    expect(access.anyMay(['identifier.b'], 'x')).toBe(false);
  });

  it('adds principals to those that run already, and takes them off again after an error', () => {
    const access = createAccessControl();
    access.addAce('builtin.everyone', 'free', 'allow');
    expect(access.currentMay('free')).toBe(true);
    expect(access.currentMay('command.x')).toBe(false);
    access.runAs(['system.console'], () => {
      access.runAs(['resource.a'], () => expect(access.currentMay('command.x')).toBe(true));
      expect(() =>
        access.runAs(['resource.a'], () => {
          throw new Error('oops');
        }),
      ).toThrow('oops');
    });
    expect(access.currentMay('command.x')).toBe(false);
  });
});
