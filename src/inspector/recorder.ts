import type { PushEvent } from '../events/push-event.ts';
import type { ReceivedEvent } from '../events/receive.ts';
import type { Refusal } from '../events/traffic.ts';
import type { AttemptReport } from '../forward/queues/attempt-log.ts';
import type { SubscriberCall } from '../game/dispatch/subscriptions.ts';
import type { Clock } from '../lib/clock.ts';
import type { PlayersTold } from './api-types.ts';
import { History } from './history.ts';
import { Measurements } from './measurements.ts';

/** Gets everything that the page and the metrics are about, from the parts where it happens. */
export class Recorder {
  readonly measurements: Measurements;
  readonly history: History;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #keepsEvents: () => boolean;

  /** @param keepsEvents whether there is a page that shows them; asked for each */
  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, keepsEvents: () => boolean) {
    this.measurements = new Measurements(clock);
    this.history = new History(clock);
    this.#clock = clock;
    this.#keepsEvents = keepsEvents;
  }

  readonly received = (event: PushEvent, raw: Buffer, hops: number): void => {
    this.measurements.received(event);
    if (this.#keepsEvents()) this.history.add(event, raw, hops);
  };

  /** Gets an event that was made here, and is dispatched only. */
  readonly simulated = ({ event, body }: ReceivedEvent): void => {
    if (this.#keepsEvents()) this.history.add(event, Buffer.from(JSON.stringify(body)), 0);
  };

  readonly refused = (reason: Refusal): void => this.measurements.refused(reason);

  readonly called = (event: PushEvent, call: SubscriberCall): void => this.history.called(event, call);

  readonly told = (event: string, by: PlayersTold['by'], what: string, players: readonly number[]): void =>
    this.history.told(event, { by, what, players: players.slice(0, MOST_PLAYERS) });

  readonly finished = (event: PushEvent, ms: number): void => {
    this.measurements.dispatched(ms);
    this.history.finished(event, ms);
  };

  /** Runs what holds the game's thread, and notes for how long it did. */
  readonly holding = <Result>(work: () => Result): Result => {
    const began = this.#clock.monotonic();
    try {
      return work();
    } finally {
      this.measurements.held(this.#clock.monotonic() - began);
    }
  };

  readonly attempted = (report: AttemptReport): void => {
    this.measurements.attempted(report);
    this.history.attempted(report);
  };
}

/** As many as a server takes. */
const MOST_PLAYERS = 2_048;
