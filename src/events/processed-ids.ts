import { createHash } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { KeyValueStore } from '../platform/kvp-store.ts';

const HOUR_MS = 3_600_000;
/** A page takes ids for an hour, and is forgotten when the last of them is a day old. */
const PAGE_LIVES_MS = 25 * HOUR_MS;
/** 100,000 ids in all: the oldest page makes room for a new one, in the store as well. */
const PAGES = 200;
const IDS_A_PAGE = 500;
/** An event is dispatched by then: when a crash has kept it from that, it is taken when it comes again. */
const WRITE_AFTER_MS = 100;
/** 8 bytes as base64url. */
const HASH_LENGTH = 11;
const HASHES = /[\w-]{11}/g;
const STORED = /^(\d{1,15}):([\w-]*)$/;

interface Page {
  /** What it is stored under, 0 to 199: the one after the last is the first again. */
  readonly number: number;
  /** When its first id came, in milliseconds since 1970. */
  readonly since: number;
  readonly hashes: string[];
}

interface TakenIdsOptions {
  /** What is lost of it costs a repeat, so nothing waits for the disk. */
  readonly store: Pick<KeyValueStore, 'get' | 'set'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
}

/** The ids of events that were taken in the last day, over restarts: forwarders send an event again when its answer was lost. */
export class TakenIds {
  readonly #store: TakenIdsOptions['store'];
  readonly #clock: TakenIdsOptions['clock'];
  readonly #unwritten = new Set<Page>();
  #kept: { readonly pages: Page[]; readonly known: Set<string> } | null = null;

  constructor({ store, clock }: TakenIdsOptions) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Oldest first. */
  get #pages(): Page[] {
    return this.#read().pages;
  }

  get #known(): Set<string> {
    return this.#read().known;
  }

  /** Reads what an earlier run has left when it is first needed: most servers have no forwarders. */
  #read() {
    if (this.#kept !== null) return this.#kept;
    const pages = readPages(this.#store, this.#clock.now());
    this.#kept = { pages, known: new Set(pages.flatMap(({ hashes }) => hashes)) };
    return this.#kept;
  }

  has(id: string): boolean {
    this.#forgetOld();
    return this.#known.has(hashOf(id));
  }

  /** Takes note of an event. To be called once it is sure to be kept: what is noted is not taken again. */
  note(id: string): void {
    this.#forgetOld();
    const hash = hashOf(id);
    if (this.#known.has(hash)) return;
    const page = this.#openPage();
    page.hashes.push(hash);
    this.#known.add(hash);
    if (this.#unwritten.size === 0) this.#clock.after(WRITE_AFTER_MS, () => this.write());
    this.#unwritten.add(page);
  }

  /** Writes at once what a timer would write a tenth of a second after it was noted. */
  write(): void {
    for (const { number, since, hashes } of this.#unwritten) {
      this.#store.set(String(number), `${since}:${hashes.join('')}`);
    }
    this.#unwritten.clear();
  }

  /** @returns the page that takes the next id */
  #openPage(): Page {
    const now = this.#clock.now();
    const last = this.#pages.at(-1);
    if (last !== undefined && last.hashes.length < IDS_A_PAGE && now - last.since < HOUR_MS) return last;
    const number = last === undefined ? 0 : (last.number + 1) % PAGES;
    const page: Page = { number, since: now, hashes: [] };
    // What is written over is gone.
    this.#forget(this.#pages.find((other) => other.number === number));
    this.#pages.push(page);
    return page;
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (let [oldest] = this.#pages; oldest !== undefined && !isFresh(oldest, now); [oldest] = this.#pages) {
      this.#forget(oldest);
    }
  }

  #forget(page: Page | undefined): void {
    if (page === undefined) return;
    this.#pages.splice(this.#pages.indexOf(page), 1);
    this.#unwritten.delete(page);
    for (const hash of page.hashes) this.#known.delete(hash);
  }
}

function isFresh({ since }: Page, now: number): boolean {
  return now - since < PAGE_LIVES_MS;
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, HASH_LENGTH);
}

/** @returns the pages that an earlier run has left, oldest first; what is damaged is left out, which costs repeats */
function readPages(store: Pick<KeyValueStore, 'get'>, now: number): Page[] {
  const pages: Page[] = [];
  for (let number = 0; number < PAGES; number += 1) {
    const [, since, hashes = ''] = STORED.exec(store.get(String(number)) ?? '') ?? [];
    if (since === undefined) continue;
    // A clock that was ahead must not keep them for longer.
    const page = {
      number,
      since: Math.min(Number(since), now),
      hashes: hashes.match(HASHES)?.slice(0, IDS_A_PAGE) ?? [],
    };
    if (isFresh(page, now)) pages.push(page);
  }
  return pages.sort((one, other) => one.since - other.since);
}
