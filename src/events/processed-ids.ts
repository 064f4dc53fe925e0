import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';

const HOUR_MS = 3_600_000;
/** A page takes ids for one hour, and expires when its last id is a day old. */
const PAGE_LIFETIME_MS = 25 * HOUR_MS;
/** 200 pages of 500 ids: at most 100,000 ids, in memory and in the store. A new page overwrites the oldest. */
const MAX_PAGES = 200;
const IDS_PER_PAGE = 500;
/**
 * Ids are written this long after they came. By then the event was dispatched: if the process is killed earlier, the
 * forwarder's retry is processed instead of dropped.
 */
const WRITE_DELAY_MS = 100;
/** Characters of a hash: 8 bytes as base64url. */
const HASH_LENGTH = 11;
const HASHES = /[\w-]{11}/g;
const STORED_PAGE = /^(\d{1,15}):([\w-]*)$/;

interface Page {
  /** The key in the store, 0 to 199. Page 0 follows page 199. */
  readonly number: number;
  /** When the page got its first id, in milliseconds since 1970. */
  readonly since: number;
  readonly hashes: string[];
}

interface ProcessedIdsOptions {
  /** Writes are not flushed: an id lost in a power cut only costs a duplicate. */
  readonly store: { get(key: string): string | null; set(key: string, value: string): void };
  readonly clock: Pick<Clock, 'now' | 'after'>;
}

/**
 * The ids of the events that were processed in the last day, kept across restarts. A forwarder sends an event again when
 * it did not get our answer; these ids tell such a retry from a new event.
 */
export class ProcessedIds {
  readonly #store: ProcessedIdsOptions['store'];
  readonly #clock: ProcessedIdsOptions['clock'];
  readonly #unwritten = new Set<Page>();
  #loaded: { readonly pages: Page[]; readonly hashes: Set<string> } | null = null;

  constructor({ store, clock }: ProcessedIdsOptions) {
    this.#store = store;
    this.#clock = clock;
  }

  has(id: string): boolean {
    this.#dropExpired();
    return this.#load().hashes.has(hashOf(id));
  }

  /** Remembers an event that was processed. Call it only after the event is stored for its targets. */
  add(id: string): void {
    this.#dropExpired();
    const { hashes } = this.#load();
    const hash = hashOf(id);
    if (hashes.has(hash)) return;

    const page = this.#openPage();
    page.hashes.push(hash);
    hashes.add(hash);
    if (this.#unwritten.size === 0) this.#clock.after(WRITE_DELAY_MS, () => this.write());
    this.#unwritten.add(page);
  }

  /** Writes the ids that wait for the delayed write, now. */
  write(): void {
    for (const { number, since, hashes } of this.#unwritten) {
      this.#store.set(String(number), `${since}:${hashes.join('')}`);
    }
    this.#unwritten.clear();
  }

  stop(): void {
    this.write();
  }

  /** Reads the store at the first use: most servers have no forwarders and never need it. */
  #load() {
    if (this.#loaded === null) {
      const pages = readPages(this.#store, this.#clock.now());
      this.#loaded = { pages, hashes: new Set(pages.flatMap(({ hashes }) => hashes)) };
    }
    return this.#loaded;
  }

  /** @returns the page that takes the next id */
  #openPage(): Page {
    const { pages } = this.#load();
    const now = this.#clock.now();
    const last = pages.at(-1);
    if (last !== undefined && last.hashes.length < IDS_PER_PAGE && now - last.since < HOUR_MS) return last;

    const number = last === undefined ? 0 : (last.number + 1) % MAX_PAGES;
    const overwritten = pages.find((page) => page.number === number);
    if (overwritten !== undefined) this.#forget(overwritten);
    const page: Page = { number, since: now, hashes: [] };
    pages.push(page);
    return page;
  }

  #dropExpired(): void {
    const { pages } = this.#load();
    const now = this.#clock.now();
    for (let [oldest] = pages; oldest !== undefined && isExpired(oldest, now); [oldest] = pages) this.#forget(oldest);
  }

  #forget(page: Page): void {
    const { pages, hashes } = this.#load();
    pages.splice(pages.indexOf(page), 1);
    this.#unwritten.delete(page);
    for (const hash of page.hashes) hashes.delete(hash);
  }
}

function isExpired({ since }: Page, now: number): boolean {
  return now - since >= PAGE_LIFETIME_MS;
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, HASH_LENGTH);
}

/** Reads the stored pages, oldest first. A damaged page is skipped: that only costs duplicates. */
function readPages(store: ProcessedIdsOptions['store'], now: number): Page[] {
  const pages: Page[] = [];
  for (let number = 0; number < MAX_PAGES; number += 1) {
    const [, since, hashes = ''] = STORED_PAGE.exec(store.get(String(number)) ?? '') ?? [];
    if (since === undefined) continue;
    const page = {
      number,
      // A clock that once ran ahead must not keep a page for longer than a day from now.
      since: Math.min(Number(since), now),
      hashes: hashes.match(HASHES)?.slice(0, IDS_PER_PAGE) ?? [],
    };
    if (!isExpired(page, now)) pages.push(page);
  }
  return pages.sort((one, other) => one.since - other.since);
}
