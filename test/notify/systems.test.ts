import { describe, expect, it } from '@jest/globals';
import { displayText } from '../../src/lib/text.ts';
import type { Notification } from '../../src/notify/client.ts';
import { findRunningSystem } from '../../src/notify/notifier.ts';
import { type Delivery, type SystemName, systems } from '../../src/notify/systems.ts';
import { HOSTILE } from './hostile-text.ts';
import { setUpNotifications } from './set-up-notifications.ts';

const plainText = displayText(HOSTILE, 500);
const notification: Notification = { title: 'T <b>^1~r~*', message: plainText, kind: 'warning', durationMs: 9_000 };

const HTML =
  'a % b ^1red ~r~x &lt;img src=x onerror=alert(1)&gt; ![](http://x) $&amp; {apiKey}<br><br>    - _li_<br>gnp &quot;q&quot; &amp;amp;';
const MARKDOWN = [
  String.raw`a \% b \^1red \~r\~x \<img src\=x onerror\=alert\(1\)\> \!\[\]\(http\:\/\/x\) \$\& \{apiKey\}  `,
  '  ',
  String.raw`\- \_li\_  `,
  String.raw`gnp \"q\" \&amp\;`,
].join('\n');
const WITH_HTML_TITLE = `<b>T &lt;b&gt;^1~r~*</b><br>${HTML}`;

const golden: Readonly<Record<SystemName, Delivery>> = {
  ox_lib: {
    by: 'event',
    name: 'ox_lib:notify',
    args: [{ title: 'T <b>^1~r~*', description: MARKDOWN, type: 'warning', duration: 9_000 }],
  },
  lation_ui: {
    by: 'event',
    name: 'lation_ui:notify',
    args: [{ title: String.raw`T \<b\>\^1\~r\~\*`, message: MARKDOWN, type: 'warning', duration: 9_000 }],
  },
  pNotify: {
    by: 'event',
    name: 'pNotify:SendNotification',
    args: [{ text: WITH_HTML_TITLE, type: 'warning', timeout: 9_000, layout: 'centerRight', queue: 'sonorancad' }],
  },
  okokNotify: {
    by: 'event',
    name: 'okokNotify:Alert',
    args: ['T &lt;b&gt;^1~r~*', HTML, 9_000, 'warning'],
  },
  mythic_notify: {
    by: 'event',
    name: 'mythic_notify:client:SendAlert',
    args: [{ type: 'inform', text: WITH_HTML_TITLE, length: 9_000 }],
  },
  esx: {
    by: 'event',
    name: 'esx:showNotification',
    args: [WITH_HTML_TITLE.replaceAll('~', '&#126;'), 'info', 9_000],
  },
  qb: {
    by: 'event',
    name: 'QBCore:Notify',
    args: [{ text: 'T <b>^1~r~*', caption: plainText }, 'primary', 9_000],
  },
  qbx: {
    by: 'export',
    resource: 'qbx_core',
    name: 'Notify',
    args: ['T <b>^1~r~*', 'warning', 9_000, MARKDOWN],
  },
  chat: {
    by: 'event',
    name: 'chat:addMessage',
    args: [
      {
        color: [255, 190, 60],
        multiline: true,
        args: [
          'T <b>^\u200b1~r~*',
          'a % b ^\u200b1red ~r~x <img src=x onerror=alert(1)> ![](http://x) $& {apiKey} / - _li_ / gnp "q" &amp;',
        ],
      },
    ],
  },
  native: { by: 'event', name: 'sonorancad:notify', args: [notification] },
};

describe('text typed by a player', () => {
  it('loses control characters, direction marks and repeated empty lines in displayText', () => {
    expect(plainText).toBe(
      'a % b ^1red ~r~x <img src=x onerror=alert(1)> ![](http://x) $& {apiKey}\n\n    - _li_\ngnp "q" &amp;',
    );
  });

  it('is truncated between characters in displayText', () => {
    expect(displayText('🚓🚓🚓', 2)).toBe('🚓…');
    expect(displayText('🚓🚓', 2)).toBe('🚓🚓');
  });

  it.each(Object.keys(systems) as SystemName[])('is escaped for %s so that no markup takes effect', (name) => {
    expect(systems[name].deliver(notification)).toEqual(golden[name]);
  });

  it.each(Object.keys(systems) as SystemName[])('is sent to %s without markup for an empty title', (name) => {
    const { args } = systems[name].deliver({ ...notification, title: '', message: 'only this' });
    const text = JSON.stringify(args);
    expect(text).toContain('only this');
    expect(text).not.toMatch(/<b>|<br>|"caption"/);
  });

  it.each(Object.keys(systems) as SystemName[])(
    'is sent to %s with a type that the system knows, for every kind',
    (name) => {
      const validTypes = /"(info|inform|success|warning|error|primary)"/;
      for (const kind of ['info', 'success', 'warning', 'error', 'urgent'] as const) {
        const delivery = systems[name].deliver({ ...notification, kind });
        if (name !== 'chat' && name !== 'native') expect(JSON.stringify(delivery)).toMatch(validTypes);
      }
    },
  );
});

describe('findRunningSystem', () => {
  const started =
    (...resources: string[]) =>
    (resource: string) =>
      resources.includes(resource);

  it('finds for auto the first started system in the documented order', () => {
    expect(findRunningSystem('auto', started('chat', 'qb-core', 'pNotify'))).toBe('pNotify');
    expect(findRunningSystem('auto', started('chat', 'es_extended'))).toBe('esx');
    expect(findRunningSystem('auto', started('chat'))).toBe('chat');
  });

  it('finds native for auto if no system is started', () => {
    expect(findRunningSystem('auto', started())).toBe('native');
  });

  it('finds native for a stopped system, and Notifications warns once each time that the system stops', () => {
    expect(findRunningSystem('okokNotify', started('ox_lib'))).toBe('native');
    const there = new Set<string>();
    const { notifications, log } = setUpNotifications({ settings: { system: 'okokNotify' }, started: there });
    notifications.reply(1, 'Hello');
    notifications.reply(2, 'Hello');
    const line = { level: 'warn', fields: { system: 'okokNotify', resource: 'okokNotify' } };
    expect(log.lines).toMatchObject([line]);
    there.add('okokNotify');
    notifications.reply(1, 'Hello');
    there.clear();
    notifications.reply(1, 'Hello');
    expect(log.lines).toMatchObject([line, line]);
  });

  it('finds the chosen system if it is started, and null for none', () => {
    expect(findRunningSystem('okokNotify', started('ox_lib', 'okokNotify'))).toBe('okokNotify');
    expect(findRunningSystem('none', started('ox_lib'))).toBeNull();
  });
});
