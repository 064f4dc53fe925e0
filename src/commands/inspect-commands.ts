import type { ConfigKeyName } from '../config/schema.ts';
import { ApiFailure, type ApiRequest } from '../inspector/answers.ts';
import type { AttemptView, EventDetail, EventList } from '../inspector/api-types.ts';
import { formatDuration, formatTable } from './console-text.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';

type Parts = Pick<OperatorParts, 'name' | 'inspector' | 'clock'>;

/** `inspect`: prints the link to the page, this once. */
export function createInspectCommand({ name, inspector, live }: Parts & Pick<OperatorParts, 'live'>): Subcommand {
  return {
    usage: '[off]',
    description: "prints a link to the operator's page, which works for 12 hours",
    run([word = ''], source) {
      // Chats are read over shoulders, and kept.
      if (source > 0) return [`"${name} inspect" is for the server's own console.`];
      if (word.toLowerCase() === 'off')
        return [inspector.close() ? 'The link does not work any more.' : 'There was no link.'];
      if (word !== '') return [`${name} inspect [off]`];
      if (!live.current().inspector) return ['There is no page: inspector is false in config.json.'];
      return [
        `${inspector.address()}#${inspector.open()}`,
        `The link works for 12 hours, until "${name} inspect off" or a restart. If the address is not your server's, put your own in its place.`,
        'The game port speaks plain HTTP: read docs/inspector.md before you open it over the internet.',
      ];
    },
  };
}

const USAGE = '[text] | show <no> | payload <no> | curl <no> | again <no>';
const LISTED = 20;
/** Players who were told after so long were told later. */
const LATER_MS = 1_000;
/** A console has an end. */
const MOST_LINES = 200;

/** `events`: the last events, and what has become of each. */
export function createEventsCommand(parts: Parts): Subcommand {
  const { name, inspector, clock } = parts;
  const { events } = inspector;
  const about = (param: string): ApiRequest => ({ param, query: () => '', host: new URL(inspector.address()).host });
  const actions: Readonly<Record<string, (no: string) => readonly string[]>> = {
    show: (no) => describeEvent(events.detail(about(no)), clock.now()),
    payload: (no) => linesOf(events.payload(about(no)).body),
    curl: (no) => linesOf(events.curl(about(no)).body),
    again: (no) => [events.again(about(no)).message],
  };

  async function list(text: string): Promise<readonly string[]> {
    const query = (word: string) => (word === 'text' ? text : word === 'limit' ? String(LISTED) : '');
    const answer = await events.list({ param: '', query, host: '' });
    const { events: found } = JSON.parse(String(answer.body)) as EventList;
    if (found.length === 0) return [text === '' ? 'No event is kept.' : 'No event that is kept has this text.'];
    return formatTable(found, {
      no: ({ seq }) => seq,
      received: ({ receivedAt }) => `${formatDuration(clock.now() - receivedAt)} ago`,
      type: ({ type }) => type,
      by: ({ source }) => source,
      understood: ({ valid }) => (valid ? 'yes' : 'no'),
      bytes: ({ bytes }) => bytes,
      what: ({ title, text }) => title || text,
    });
  }

  return {
    usage: USAGE,
    description: 'shows the last events and what became of each, and sends one again as simulated',
    async run(words) {
      const [word = '', no] = words;
      const action = Object.hasOwn(actions, word.toLowerCase()) ? actions[word.toLowerCase()] : undefined;
      try {
        if (action === undefined) return await list(words.join(' '));
        return no === undefined ? [`${name} events ${USAGE}`] : action(no);
      } catch (thrown) {
        if (thrown instanceof ApiFailure) return [thrown.message];
        throw thrown;
      }
    },
  };
}

function describeEvent(event: EventDetail, now: number): string[] {
  const { type, id, source, receivedAt, bytes, issues, dispatchMs, subscribers, players, targets } = event;
  return [
    `${type} by ${source}, ${formatDuration(now - receivedAt)} ago, ${bytes} bytes, id ${id}`,
    ...issues.map((issue) => `not understood: ${issue}`),
    dispatchMs === null ? 'not dispatched yet' : `dispatched in ${dispatchMs} ms`,
    ...subscribers.map(
      ({ resource, ms, failed }) => `${resource}: ${ms} ms${failed === null ? '' : `, failed: ${failed}`}`,
    ),
    ...players.map(({ by, what, players: told, at }) => {
      const who = told.includes(-1) ? 'all players' : `players ${told.join(', ')}`;
      const waited = at - receivedAt;
      return `${by} ${what}: ${who}${waited < LATER_MS ? '' : `, ${formatDuration(waited)} later`}`;
    }),
    ...targets.flatMap(({ target, attempts }) => attempts.map((attempt) => `${target}: ${describeAttempt(attempt)}`)),
  ];
}

function describeAttempt({ attempt, outcome, status, error, ms, next, answer }: AttemptView): string {
  const isSilent = outcome === 'answered' && status === null;
  const got = isSilent ? 'taken in silence' : `${outcome} (${status === null ? error : `status ${status}`})`;
  return `attempt ${attempt} ${got} in ${Math.round(ms)} ms, ${next}${answer === '' ? '' : `: ${answer}`}`;
}

function linesOf(text: unknown): string[] {
  const lines = String(text).trimEnd().split('\n');
  const left = lines.length - MOST_LINES;
  return left > 0 ? [...lines.slice(0, MOST_LINES), `… and ${left} more lines`] : lines;
}

/** `config`: what holds for each key, and where that comes from. */
export function createConfigCommand({ live }: Pick<OperatorParts, 'live'>): Subcommand {
  return {
    description: 'shows each setting, its value and where that comes from, without secrets',
    run() {
      const { keys, problems } = live.shown();
      const table = formatTable(keys, {
        key: ({ name }) => name,
        from: ({ place }) => place,
        value: ({ value }) => value,
      });
      return [...table, ...problems];
    },
  };
}

/** `debug on|off`: what `debugMode` does, until the resource restarts or its configuration is read again. */
export function createDebugCommand({ name, debug }: Pick<OperatorParts, 'name' | 'debug'>): Subcommand {
  return {
    usage: 'on | off',
    description: 'prints each event and each delivery to the console, until a restart or reload',
    run([word]) {
      const wanted = word?.toLowerCase();
      const isSet = wanted === 'on' || wanted === 'off';
      if (isSet) debug.set(wanted === 'on');
      const state = `Debug lines are ${debug.isOn() ? 'on' : 'off'}`;
      return [`${state}${isSet ? ' until a restart or reload.' : `; see "${name} debug on | off".`}`];
    },
  };
}

/** The game server takes no command back, so that their names are read once. */
const COMMAND_NAMES: readonly ConfigKeyName[] = ['linkCommand', 'panicCommand', 'unitCommands'];

/** `reload`: takes an edited config.json without a restart. A file that cannot be read, half saved perhaps, changes nothing. */
export function createReloadCommand({ live, applyConfig }: Pick<OperatorParts, 'live' | 'applyConfig'>): Subcommand {
  return {
    description: 'reads config.json and the convars again',
    run() {
      const { changed, fault, kept } = live.reload();
      if (kept) return [`${fault}.`, 'The configuration was not read again; nothing has changed.'];
      applyConfig();
      const read = fault === null ? 'The configuration was read again' : 'Only the convars were read again';
      if (changed.length === 0) return [`${read}; nothing changed.`];
      const lines = [`${read}; changed: ${changed.join(', ')}.`];
      if (changed.some((name) => COMMAND_NAMES.includes(name)))
        lines.push('A new name of a command holds after a restart of the resource.');
      return lines;
    },
  };
}
