import type { LinkStatus } from '../cad/cad-link.ts';
import type { Forwarding } from '../forward/forwarding.ts';
import type { Clock } from '../lib/clock.ts';
import { sendOnce } from '../lib/http-request.ts';
import type { Log } from '../lib/log.ts';
import { RateLimit } from '../lib/rate-limit.ts';

const MINUTE_MS = 60_000;

/** Something that is wrong now. */
export interface Condition {
  /** The same as long as it is wrong. */
  readonly id: string;
  /** How long it must have been wrong before you are told. */
  readonly waitMs: number;
  /** What is wrong, and what to do, in words of ours: no key, and no text of a person's. */
  readonly text: string;
  /** That it is over. */
  readonly over: string;
}

interface ConditionsOptions {
  /** The name of the operator's command. */
  readonly name: string;
  forwarding(): ReturnType<Forwarding['status']>;
  link(): Pick<LinkStatus, 'session' | 'api'>;
}

/** @returns what gives all that is wrong at the moment it is called */
export function createConditions({ name, forwarding, link }: ConditionsOptions): () => readonly Condition[] {
  /** Dead letters that an operator knows of: those that were there at the start, as far as they still are. */
  const known = new Map<string, number>();

  function ofTarget({ target, state, reason, deadLetters }: Target): Condition[] {
    const conditions: Condition[] = [];
    if (reason !== null || state === 'parked') {
      conditions.push({
        id: `target ${target}`,
        waitMs: 5 * MINUTE_MS,
        text: `Events are not delivered to \`${target}\`${reason === null ? '' : ` (${reason})`}: see "${name} forward status".`,
        over: `Events are delivered to \`${target}\` again.`,
      });
    }
    const before = Math.min(known.get(target) ?? deadLetters, deadLetters);
    known.set(target, before);
    if (deadLetters > before) {
      conditions.push({
        id: `dead letters ${target}`,
        waitMs: 0,
        text: `Events for \`${target}\` were given up on and kept (${deadLetters}): see "${name} forward list ${target}".`,
        over: `There are no new dead letters for \`${target}\` any more.`,
      });
    }
    return conditions;
  }

  function ofLink({ session, api }: ReturnType<ConditionsOptions['link']>): Condition[] {
    const { lastFailure, lastSuccessAt } = api;
    const isRefused = lastFailure?.error.kind === 'key' && (lastSuccessAt === null || lastFailure.at > lastSuccessAt);
    const isGone = session.state === 'waiting' || session.state === 'connecting';
    return [
      ...(isRefused ? [KEY_REFUSED] : []),
      ...(isGone ? [{ ...SESSION_GONE, text: `${SESSION_GONE.text}: see "${name} doctor".` }] : []),
    ];
  }

  return () => {
    const { store, targets, recovering } = forwarding();
    const isKept = !store.broken && store.unusedBecause === null;
    return [
      // Until all of it is read, dead letters of an earlier run would count as new ones.
      ...(recovering ? [] : targets.flatMap(ofTarget)),
      ...(isKept ? [] : [STORE_DOWN]),
      ...ofLink(link()),
    ];
  };
}

type Target = ReturnType<Forwarding['status']>['targets'][number];

const KEY_REFUSED: Condition = {
  id: 'key',
  waitMs: 0,
  text: 'The CAD refuses the API key: set apiKey to the one that it shows.',
  over: 'The CAD accepts the API key again.',
};

const SESSION_GONE: Condition = {
  id: 'session',
  waitMs: 10 * MINUTE_MS,
  text: 'The session with the CAD is gone',
  over: 'The session with the CAD is open again.',
};

const STORE_DOWN: Condition = {
  id: 'store',
  waitMs: 0,
  text: 'The database does not keep events: do not restart the server before there is room on its disk.',
  over: 'The database keeps events again.',
};

const CHECK_EVERY_MS = 30_000;
const LIMIT = { most: 10, windowMs: 3_600_000 };
/** After a failed try. */
const RETRIES_MS = [10_000, 60_000];
const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Discord takes 2,000 characters. */
const LONGEST = 1_900;

export interface AlertsOptions {
  /** Where alerts go, '' for nowhere; asked each time. */
  addresses(): { readonly discord: string; readonly url: string };
  /** What is wrong at this moment. */
  conditions(): readonly Condition[];
  /** The resource's folder. */
  readonly resourceName: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Stands in for `fetch`. */
  readonly fetching?: typeof fetch;
}

/** A line that is told. */
interface Line {
  readonly id: string;
  readonly state: 'begun' | 'over' | 'test';
  readonly text: string;
}

/** What is wrong, and since when. */
interface Trouble {
  readonly since: number;
  readonly over: string;
  isTold: boolean;
}

const SIGNS = { begun: '🔴', over: '🟢', test: '🔔' } as const;

/** Tells the operator where operators are, once when something is wrong for a while, and once when it is over: ten times an hour at most. */
export class Alerts {
  readonly #options: AlertsOptions;
  readonly #limit: RateLimit<'alerts'>;
  readonly #troubles = new Map<string, Trouble>();
  #cancel = (): void => {};

  constructor(options: AlertsOptions) {
    this.#options = options;
    this.#limit = new RateLimit<'alerts'>(LIMIT, options.clock);
  }

  /** To be called at the start, and when the configuration was read again. Nothing is checked while no address is configured. */
  apply(): void {
    this.stop();
    if (this.#targets().length === 0) this.#troubles.clear();
    else this.#lookLater();
  }

  stop(): void {
    this.#cancel();
  }

  /** Sends one that says that it is a test. @returns what came of it, a line for each address */
  async test(): Promise<string[]> {
    const targets = this.#targets();
    if (targets.length === 0) return ['No alert is sent: "alerts" in config.json names neither "discord" nor "url".'];
    if (!this.#limit.take('alerts')) return ['Ten alerts were sent within the last hour: nothing more is sent now.'];
    const line: Line = { id: 'test', state: 'test', text: 'This is a test: alerts come here.' };
    return Promise.all(
      targets.map(async ({ name, url }) => {
        const fault = await this.#post(name, url, [line]);
        return fault === null ? `An alert was sent to ${name}.` : `An alert could not be sent to ${name}: ${fault}.`;
      }),
    );
  }

  #targets() {
    const { discord, url } = this.#options.addresses();
    const all = [{ name: 'discord', url: discord } as const, { name: 'url', url } as const];
    return all.filter((target) => target.url !== '');
  }

  #lookLater(): void {
    this.#cancel = this.#options.clock.after(CHECK_EVERY_MS, () => {
      this.#look();
      this.#lookLater();
    });
  }

  #look(): void {
    const { clock, conditions } = this.#options;
    const now = clock.monotonic();
    const current = conditions();
    for (const { id, over } of current)
      if (!this.#troubles.has(id)) this.#troubles.set(id, { since: now, over, isTold: false });
    const begun = current.filter(({ id, waitMs }) => {
      const trouble = this.#troubles.get(id);
      return trouble?.isTold === false && now - trouble.since >= waitMs;
    });
    const isCurrent = new Set(current.map(({ id }) => id));
    const ended = [...this.#troubles].filter(([id]) => !isCurrent.has(id));
    for (const [id, { isTold }] of ended) if (!isTold) this.#troubles.delete(id);
    const over = ended.filter(([, { isTold }]) => isTold);
    // What is not told now is told when there is room again, if it is still so.
    if (begun.length + over.length === 0 || !this.#limit.take('alerts')) return;
    for (const { id } of begun) this.#mark(id);
    for (const [id] of over) this.#troubles.delete(id);
    const lines = [
      ...begun.map(({ id, text }): Line => ({ id, state: 'begun', text })),
      ...over.map(([id, { over: text }]): Line => ({ id, state: 'over', text })),
    ];
    for (const target of this.#targets()) void this.#send(target.name, target.url, lines);
  }

  #mark(id: string): void {
    const trouble = this.#troubles.get(id);
    if (trouble !== undefined) trouble.isTold = true;
  }

  async #send(name: 'discord' | 'url', url: string, lines: readonly Line[]): Promise<void> {
    const { clock, log } = this.#options;
    let fault = await this.#post(name, url, lines);
    for (const wait of RETRIES_MS) {
      if (fault === null) return;
      await new Promise<void>((resolve) => clock.after(wait, resolve));
      fault = await this.#post(name, url, lines);
    }
    if (fault !== null) log.warn('An alert could not be sent.', { to: name, reason: fault });
  }

  /** @returns why it was not taken, without the address; null when it was */
  async #post(name: 'discord' | 'url', url: string, lines: readonly Line[]): Promise<string | null> {
    const { clock, resourceName, fetching } = this.#options;
    const body = name === 'discord' ? discordMessage(resourceName, lines) : { source: resourceName, alerts: lines };
    const request = {
      ...{ url, method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      ...{ deadlineMs: DEADLINE_MS, maxAnswerBytes: MAX_ANSWER_BYTES },
    };
    const answer = await sendOnce(request, clock, fetching).exchange;
    if (answer.kind === 'timeout') return `no answer in ${DEADLINE_MS / 1_000} s`;
    if (answer.kind === 'failed') return answer.code;
    return answer.status >= 200 && answer.status <= 299 ? null : `status ${answer.status}`;
  }
}

function discordMessage(resourceName: string, lines: readonly Line[]) {
  const content = lines.map(({ state, text }) => `${SIGNS[state]} ${text}`).join('\n');
  return {
    username: resourceName,
    content: content.length > LONGEST ? `${content.slice(0, LONGEST)}…` : content,
    allowed_mentions: { parse: [] },
  };
}
