import { isIPv6 } from 'node:net';
import { URL } from 'node:url';
import * as v from 'valibot';
import { isLoopbackHost, withoutBrackets } from '../lib/addresses.ts';
import { key, listOfLength, membersOf, type SettingsOf, trimmed, wholeFrom, word } from '../lib/settings.ts';
import { endingRun } from '../lib/text.ts';

const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}\.)*[a-z0-9-]{1,63}$/;
const COMMAND_NAME = /^[a-z0-9_-]{1,32}$/;
const COMMAND_WORDS = 'a word of letters, digits, - and _';

/** The command name that removes a command. An empty name counts as a missing setting and gets the default. */
export const NO_COMMAND = 'none';

const defaultUnitCommands = { name: 'dn', respond: 'respond', note: 'note', respondWhileDispatcherOnline: true };

const commandName = v.pipe(word, v.regex(COMMAND_NAME));

const unitCommands = membersOf({
  name: v.optional(commandName, defaultUnitCommands.name),
  respond: v.optional(commandName, defaultUnitCommands.respond),
  note: v.optional(commandName, defaultUnitCommands.note),
  respondWhileDispatcherOnline: v.optional(v.boolean(), defaultUnitCommands.respondWhileDispatcherOnline),
});

const unitCommandAt = ([member]: readonly PropertyKey[]): string =>
  member === 'respondWhileDispatcherOnline' ? 'true or false' : COMMAND_WORDS;

/** The settings about the connection to the CAD, and about the official resource. */
export const cadKeys = {
  transport: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['auto', 'websocket', 'http'])),
    default: 'auto',
    description:
      'How push events arrive besides HTTP: `auto` and `websocket` open a session with the CAD, `http` does not.',
    expected: '"auto", "websocket" or "http"',
    otherwise: 'push events come in by HTTP only',
    whenRefused: 'http',
  }),
  registration: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['off', 'check', 'add', 'auto'])),
    default: 'add',
    description:
      "What happens to this server's entry in the CAD: `off` nothing, `check` reports differences, " +
      '`add` fills in missing values, `auto` also corrects wrong ones.',
    expected: '"off", "check", "add" or "auto"',
    otherwise: 'the entry is only checked',
    whenRefused: 'check',
  }),
  disableOverride: key({
    form: 'boolean',
    schema: v.boolean(),
    default: false,
    description: "The official resource's setting for `registration: check`.",
    expected: 'true or false',
    whenRefused: true,
    otherwise: 'the entry is only checked',
  }),
  publicHost: key({
    form: 'text',
    schema: v.pipe(
      trimmed,
      v.check((host) => host === '' || isHost(host.toLowerCase())),
    ),
    default: '',
    description: 'The address at which the CAD reaches this server; if empty, the resource finds it.',
    expected: 'a host name or an IP address, without http:// and without a port',
  }),
  publicPort: key({
    form: 'number',
    schema: wholeFrom(0, 65_535),
    default: 0,
    description: "The port at which the CAD reaches this server; 0 means the game's own port.",
    expected: 'a port from 1 to 65535, or 0',
  }),
  addressServices: key({
    form: 'json',
    schema: listOfLength(v.pipe(trimmed, v.check(isApiUrl)), 0, 10),
    default: ['https://api.ipify.org', 'https://ipv4.icanhazip.com', 'https://checkip.amazonaws.com'],
    description: "Web services that answer with the caller's IP address; two of them must agree.",
    expected: 'a list of up to 10 https URLs',
    expectedAt: () => 'an https URL',
    otherwise: 'the address is not asked for',
    whenRefused: [],
  }),
  apiSendEnabled: key({
    form: 'boolean',
    schema: v.boolean(),
    default: true,
    description: "Whether requests are sent to the CAD's API; without them, push events arrive only by HTTP.",
    expected: 'true or false',
    otherwise: 'nothing is sent',
    whenRefused: false,
  }),
  apiUrl: key({
    form: 'text',
    schema: v.pipe(
      v.string(),
      v.transform(normaliseApiUrl),
      v.check((url) => url === '' || isApiUrl(url)),
    ),
    default: '',
    description: "The URL of the CAD's API, for a proxy or a test; if empty, `mode` decides.",
    expected: 'an https URL without a path, or an http URL on this machine',
    otherwise: 'nothing is sent',
  }),
  legacyEvents: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['auto', 'on', 'off'])),
    default: 'auto',
    description:
      "Whether the official resource's events are triggered; " +
      '`auto` leaves them to the official resource while it runs beside this one.',
    expected: '"auto", "on" or "off"',
    otherwise: 'none of them is triggered',
    whenRefused: 'off',
  }),
  call911FromClients: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['limited', 'ace', 'off'])),
    default: 'limited',
    description:
      "Whether players' games may create 911 calls and panics by the official resource's events: " +
      '`limited` to 2 a minute for each player and 8 for all, `ace` only with the ACE `sonorancad.call911`, `off` never.',
    expected: '"limited", "ace" or "off"',
    otherwise: "no calls are taken from players' games",
    whenRefused: 'off',
  }),
  linkCommand: key({
    form: 'text',
    schema: commandName,
    default: 'link',
    description: 'The command by which players link their CAD account; `none` removes it.',
    expected: COMMAND_WORDS,
    otherwise: 'there is no such command',
    whenRefused: NO_COMMAND,
  }),
  panicCommand: key({
    form: 'text',
    schema: commandName,
    default: 'panic',
    description: "The command by which a unit's player sets its panic; `none` removes it.",
    expected: COMMAND_WORDS,
    otherwise: 'there is no such command',
    whenRefused: NO_COMMAND,
  }),
  unitCommands: key({
    form: 'json',
    schema: unitCommands,
    default: defaultUnitCommands,
    description:
      'The names of the command for units on duty and of its subcommands, ' +
      'and whether units may respond without a dispatcher while one is online.',
    expected:
      'an object like { "name": "dn", "respond": "respond", "note": "note", "respondWhileDispatcherOnline": true }',
    expectedAt: unitCommandAt,
    otherwise: 'the usual names hold, and no unit responds by itself while a dispatcher is online',
    whenRefused: { ...defaultUnitCommands, respondWhileDispatcherOnline: false },
  }),
};

/** Whether text is a host name or an IP address, without a port. @param text in lower case */
function isHost(text: string): boolean {
  if (text.includes(':')) return isIPv6(withoutBrackets(text)) && !text.includes('%');
  return HOST_NAME.test(text) && URL.canParse(`http://${text}`) && new URL(`http://${text}`).hostname === text;
}

/** Removes surrounding space and final slashes from the configured URL. */
function normaliseApiUrl(text: string): string {
  const url = text.trim();
  return url.slice(0, url.length - endingRun(url, '/'));
}

/** Whether the API key may be sent to a URL: by https, or by http within this machine. */
export function isApiUrl(text: string): boolean {
  if (!/^https?:\/\/[^/\\?#\s]/i.test(text) || /[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || isLoopbackHost(hostname);
}

/** The settings that the connection to the CAD reads. */
export type CadSettings = SettingsOf<typeof cadKeys> & {
  readonly apiKeys: readonly string[];
  readonly communityID: string;
  readonly serverId: number;
  readonly mode: 'production' | 'development';
};

/** The base URLs of the CAD's systems by `mode`. */
const HOSTS: Readonly<Record<CadSettings['mode'], string>> = {
  production: 'https://api.sonorancad.com',
  development: 'https://staging-api.dev.sonorancad.com',
};

/** @returns the base URL of the CAD's API and hub, without a final slash: `apiUrl` if set, else by `mode` */
export function apiHost({ apiUrl, mode }: Pick<CadSettings, 'apiUrl' | 'mode'>): string {
  return apiUrl === '' ? HOSTS[mode] : apiUrl;
}
