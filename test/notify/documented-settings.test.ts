import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { knownMembers } from '../../src/lib/settings.ts';
import { en } from '../../src/notify/locales/en.ts';
import { resolveRules, triggerNames } from '../../src/notify/rules.ts';
import { notificationsSchema } from '../../src/notify/settings.ts';
import { notificationSystems } from '../../src/notify/systems.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'notifications.md'), 'utf8');
const firstCells = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, cell]) => cell);

describe('docs/notifications.md', () => {
  const samples = [...page.matchAll(/```json\n(.*?)```/gs)].map(
    ([, text = '']) => JSON.parse(text) as { notifications: object },
  );

  it.each(samples)('has samples that are understood: %j', ({ notifications }) => {
    expect(v.safeParse(notificationsSchema, notifications)).toMatchObject({ success: true });
  });

  it('has every trigger, with whom it is for by default, every system and every member', () => {
    expect(firstCells).toEqual(
      expect.arrayContaining([...triggerNames, ...notificationSystems, ...knownMembers(notificationsSchema, [])]),
    );
    const rules = resolveRules([{ on: 'streetSign', enabled: true }], en);
    for (const name of triggerNames)
      expect(new RegExp(`^\\| \`${name}\` \\|[^|]*\\| \`${rules.get(name)?.[0]?.to}\``, 'm').test(page)).toBe(true);
  });
});
