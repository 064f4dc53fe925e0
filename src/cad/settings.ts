import { isIPv6 } from 'node:net';
import { URL } from 'node:url';
import * as v from 'valibot';
import { isLoopbackHost, withoutBrackets } from '../lib/addresses.ts';
import { key, listOfLength, membersOf, type SettingsOf, trimmed, wholeFrom, word } from '../lib/settings.ts';
import { endingRun } from '../lib/text.ts';

const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}\.)*[a-z0-9-]{1,63}$/;
const COMMAND_NAME = /^[a-z0-9_-]{1,32}$/;
const COMMAND_WORDS = 'a word of letters, digits, - and _';

/** The name of a command for those who want none: a blank one is a field that was not filled in. */
export const NO_COMMAND = 'none';

const usualUnitCommands = { name: 'dn', respond: 'respond', note: 'note', respondWhileDispatcherOnline: true };

const commandName = v.pipe(word, v.regex(COMMAND_NAME));

const unitCommands = membersOf({
  name: v.optional(commandName, usualUnitCommands.name),
  respond: v.optional(commandName, usualUnitCommands.respond),
  note: v.optional(commandName, usualUnitCommands.note),
  respondWhileDispatcherOnline: v.optional(v.boolean(), usualUnitCommands.respondWhileDispatcherOnline),
});

const unitCommandAt = ([member]: readonly PropertyKey[]): string =>
  member === 'respondWhileDispatcherOnline' ? 'true or false' : COMMAND_WORDS;

/** The keys about the link to the CAD itself, and about standing in for the official resource or beside it. */
export const cadKeys = {
  transport: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['auto', 'websocket', 'http'])),
    default: 'auto',
    description:
      'How push events come in beside HTTP, which always works: `auto` and `websocket` also open a session with the CAD, `http` does not.',
    expected: '"auto", "websocket" or "http"',
    otherwise: 'push events come in by HTTP only',
    whenRefused: 'http',
  }),
  registration: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['off', 'check', 'add', 'auto'])),
    default: 'add',
    description:
      "What to do about this server's entry in the CAD: `off` nothing, `check` says what differs, `add` fills in what is missing, `auto` also corrects it.",
    expected: '"off", "check", "add" or "auto"',
    otherwise: 'the entry is only checked',
    whenRefused: 'check',
  }),
  disableOverride: key({
    form: 'boolean',
    schema: v.boolean(),
    default: false,
    description: "The official resource's way of saying `registration: check`.",
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
    description: 'The address at which the CAD reaches this server; if empty, the resource finds it out.',
    expected: 'a host name or an IP address, without http:// and without a port',
  }),
  publicPort: key({
    form: 'number',
    schema: wholeFrom(0, 65_535),
    default: 0,
    description: "The port at which the CAD reaches this server, if it is not the game's own; 0 means the game's own.",
    expected: 'a port from 1 to 65535, or 0',
  }),
  addressServices: key({
    form: 'json',
    schema: listOfLength(v.pipe(trimmed, v.check(isApiUrl)), 0, 10),
    default: ['https://api.ipify.org', 'https://ipv4.icanhazip.com', 'https://checkip.amazonaws.com'],
    description: "Web services that answer with the caller's own IP address; two of them must agree.",
    expected: 'a list of up to 10 https URLs',
    expectedAt: () => 'an https URL',
    otherwise: 'the address is not asked for',
    whenRefused: [],
  }),
  apiSendEnabled: key({
    form: 'boolean',
    schema: v.boolean(),
    default: true,
    description: "Whether anything is ever sent to the CAD's own API; without it push events come in by HTTP only.",
    expected: 'true or false',
    otherwise: 'nothing is sent',
    whenRefused: false,
  }),
  apiUrl: key({
    form: 'text',
    schema: v.pipe(
      v.string(),
      v.transform(settledApiUrl),
      v.check((url) => url === '' || isApiUrl(url)),
    ),
    default: '',
    description: "Where the CAD's API is, for a proxy in between or a test; if empty, `mode` decides.",
    expected: 'an https URL without a path, or an http URL on this machine',
    otherwise: 'nothing is sent',
  }),
  legacyEvents: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['auto', 'on', 'off'])),
    default: 'auto',
    description:
      "Whether the official resource's events are triggered; `auto` leaves that to the official resource while it runs beside this one.",
    expected: '"auto", "on" or "off"',
    otherwise: 'none of them is triggered',
    whenRefused: 'off',
  }),
  call911FromClients: key({
    form: 'text',
    schema: v.pipe(word, v.picklist(['limited', 'ace', 'off'])),
    default: 'limited',
    description:
      "Whether players' games may make 911 calls and panics by the official resource's events: `limited` to 2 a player and 8 in all a minute, only those with the ACE `sonorancad.call911`, or none.",
    expected: '"limited", "ace" or "off"',
    otherwise: "no calls are taken from players' games",
    whenRefused: 'off',
  }),
  linkCommand: key({
    form: 'text',
    schema: commandName,
    default: 'link',
    description: 'The command by which players link their CAD account; `none` for no command.',
    expected: COMMAND_WORDS,
    otherwise: 'there is no such command',
    whenRefused: NO_COMMAND,
  }),
  panicCommand: key({
    form: 'text',
    schema: commandName,
    default: 'panic',
    description: "The command by which a unit's player sets its panic; `none` for no command.",
    expected: COMMAND_WORDS,
    otherwise: 'there is no such command',
    whenRefused: NO_COMMAND,
  }),
  unitCommands: key({
    form: 'json',
    schema: unitCommands,
    default: usualUnitCommands,
    description:
      'The names of the command for units on duty and of its words, and whether units may respond by themselves while a dispatcher is online.',
    expected:
      'an object like { "name": "dn", "respond": "respond", "note": "note", "respondWhileDispatcherOnline": true }',
    expectedAt: unitCommandAt,
    otherwise: 'the usual names hold, and no unit responds by itself while a dispatcher is online',
    whenRefused: { ...usualUnitCommands, respondWhileDispatcherOnline: false },
  }),
};

/** @param text in lower case. @returns false for an address with a port too, and for a number that is no whole IPv4 address */
function isHost(text: string): boolean {
  if (text.includes(':')) return isIPv6(withoutBrackets(text)) && !text.includes('%');
  return HOST_NAME.test(text) && URL.canParse(`http://${text}`) && new URL(`http://${text}`).hostname === text;
}

/** @returns the URL as configured, without the slashes at its end */
function settledApiUrl(text: string): string {
  const url = text.trim();
  return url.slice(0, url.length - endingRun(url, '/'));
}

/** Whether a key may be sent there: by https, or by http within this machine. */
export function isApiUrl(text: string): boolean {
  if (!/^https?:\/\/[^/\\?#\s]/i.test(text) || /[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || isLoopbackHost(hostname);
}

/** What the link to the CAD needs of the configuration. */
export type CadSettings = SettingsOf<typeof cadKeys> & {
  readonly apiKeys: readonly string[];
  readonly communityID: string;
  readonly serverId: number;
  readonly mode: 'production' | 'development';
};

/** The CAD's systems by `mode`. */
const HOSTS: Readonly<Record<CadSettings['mode'], string>> = {
  production: 'https://api.sonorancad.com',
  development: 'https://staging-api.dev.sonorancad.com',
};

/** @returns where the CAD's API and its hub are, without a slash at the end: `apiUrl` where it is set, else by `mode` */
export function apiHost({ apiUrl, mode }: Pick<CadSettings, 'apiUrl' | 'mode'>): string {
  return apiUrl === '' ? HOSTS[mode] : apiUrl;
}
