import type { LiveConfig } from '../config/live-config.ts';
import type { Traffic } from '../events/traffic.ts';
import type { Forwarding } from '../forward/forwarding.ts';
import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Inspector } from '../inspector/create-inspector.ts';
import type { Clock } from '../lib/clock.ts';
import type { Finding } from '../lib/finding.ts';
import type { DebugSwitch } from '../lib/log.ts';

/** One word after the command's name, and what it does. */
export interface Subcommand {
  /** What may follow the word, for `help`. */
  readonly usage?: string;
  /** One line for `help`. */
  readonly description: string;
  /**
   * @param words what follows
   * @param source who runs it: a player's server id, 0 for the console
   * @returns lines to print, at once or when they are there
   */
  run(words: readonly string[], source: number): readonly string[] | Promise<readonly string[]>;
}

/** Everything that the operator's command shows or steers. */
export interface OperatorParts {
  /** The command's name, that of the resource's folder. */
  readonly name: string;
  readonly version: string;
  readonly clock: Clock;
  readonly live: LiveConfig;
  /** Makes every part take the configuration that was just read. */
  applyConfig(): void;
  /** Whether debug lines are written. */
  readonly debug: Pick<DebugSwitch, 'isOn' | 'set'>;
  readonly traffic: Pick<Traffic, 'report'>;
  readonly forwarding: Pick<
    Forwarding,
    'status' | 'problems' | 'idleBecause' | 'deadLetters' | 'replay' | 'drop' | 'retry'
  >;
  readonly state: StateView;
  readonly players: Pick<Players, 'sources' | 'sessionOf' | 'identifiersOf' | 'linkOf'>;
  /** Whether this resource notifies players at all: not where the official resource does it. */
  isNotifying(): boolean;
  /** Whether what the official resource does for other resources is done here: handlers of `RegisterPushEvent` are called. */
  actsAsOfficial(): boolean;
  /** Whether the official resource's events are triggered. */
  emitsLegacy(): boolean;
  isStarted(resource: string): boolean;
  /** Hands a simulated event to the game, and to nothing else. */
  dispatch(simulated: SimulatedEvent): void;
  /** Checks everything once more. */
  doctor(): Promise<readonly Finding[]>;
  /** Enters this server into the CAD's list as it is; the console says what came of it. */
  register(): void;
  /** The operator's page. */
  readonly inspector: Pick<Inspector, 'open' | 'close' | 'events' | 'testAlert'> & {
    /** Where the page is, as far as it is known; ends with a slash. */
    address(): string;
  };
  readonly status: Subcommand;
  /** Lines about other parts for `status`. */
  more(): readonly string[];
}

/** @returns a number and what it counts, in the plural unless it is one */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @returns milliseconds in words as short as they can be: `90 s`, `3 min`, `26 h`, `4 d` */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** The same for the cell of a table. */
export function durationCell(milliseconds: number | null | undefined): string | null {
  return typeof milliseconds === 'number' ? formatDuration(milliseconds) : null;
}

/** Longest text of one cell: a console line has an end. */
const MAX_CELL = 80;

/** The columns of a table, by what stands above them: what each holds of an item. Nothing is shown as `-`. */
type Columns<Item> = Readonly<Record<string, (item: Item) => string | number | null | undefined>>;

/** @returns lines in which the columns stand below one another */
export function formatTable<Item>(items: readonly Item[], columns: Columns<Item>): string[] {
  const cellOf = (given: string | number | null | undefined): string => {
    const cell = String(given ?? '') || '-';
    return cell.length > MAX_CELL ? `${cell.slice(0, MAX_CELL - 1)}…` : cell;
  };
  const rows = items.map((item) => Object.values(columns).map((column) => cellOf(column(item))));
  const all = [Object.keys(columns), ...rows];
  const widths = Object.keys(columns).map((_head, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A console shows no more rows at once. */
const MAX_ROWS = 50;

/** @returns the first rows of a table, and below them how many more there are */
export function firstRows<Item>(items: readonly Item[], columns: Columns<Item>): string[] {
  const left = items.length - MAX_ROWS;
  return [...formatTable(items.slice(0, MAX_ROWS), columns), ...(left > 0 ? [`… and ${left} more`] : [])];
}
