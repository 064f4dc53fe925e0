import { useMemo } from 'preact/hooks';
import type { AttemptOutcome, Delivery, Series, TargetView } from '../api-types.ts';
import { DeadLetters, LetterButton } from './dead-letters.tsx';
import { askAndDo } from './elements/ask-and-tell.tsx';
import { Icon } from './elements/controls.tsx';
import { clockTime, counted, duration, grouped } from './elements/format.ts';
import { Plot } from './elements/plot.tsx';
import { Attempt } from './live/event-details.tsx';
import { type Session, usePolled } from './session.ts';

const DELIVERY_MS = 2_000;
const SERIES_MS = 10_000;

/** Where events are forwarded to, how that goes, and what was given up on. */
export function DeliveryView({ session }: { readonly session: Session }) {
  const { api } = session;
  const delivery = usePolled(() => api.ask<Delivery>('delivery'), DELIVERY_MS);
  const series = usePolled(() => api.ask<Series>('series'), SERIES_MS);
  const answer = delivery.answer.value;
  if (answer === null) return <p class="quiet pad">{delivery.failure.value ?? 'Asking the server …'}</p>;
  const { idleBecause, storeFault, recovering, targets, removed } = answer;
  const letters = [...targets, ...removed].reduce((all, { deadLetters }) => all + deadLetters, 0);
  return (
    <div class="page">
      <h1>Delivery</h1>
      {delivery.failure.value !== null && <p class="strip bad">{delivery.failure.value}</p>}
      {storeFault !== null && <p class="strip bad">{storeFault}</p>}
      {recovering && (
        <p class="strip warn">Events of an earlier run are still being read; nothing is sent meanwhile.</p>
      )}
      {idleBecause !== null && <p class="strip">{idleBecause}</p>}
      {targets.map((target) => (
        <TargetCard
          key={target.target}
          session={session}
          target={target}
          series={series.answer.value}
          changed={() => void delivery.refresh()}
        />
      ))}
      {removed.length > 0 && (
        <p class="strip">
          Not configured any more:{' '}
          {removed.map(({ target, deadLetters }, index) => (
            <span key={target}>
              {index > 0 && ', '}
              <bdi>{target}</bdi> ({counted(deadLetters, 'dead letter')})
            </span>
          ))}
        </p>
      )}
      <DeadLetters
        session={session}
        count={letters}
        targets={[...targets, ...removed].map(({ target }) => target)}
        configured={targets.map(({ target }) => target)}
        changed={() => void delivery.refresh()}
      />
    </div>
  );
}

interface TargetProps {
  readonly session: Session;
  readonly target: TargetView;
  readonly series: Series | null;
  /** Something was done: the numbers are old. */
  readonly changed: () => void;
}

const STATES = {
  starting: ['Starting', 'quiet'],
  ok: ['Delivering', 'good'],
  refusing: ['Refusing', 'bad'],
  waiting: ['Waiting', 'warn'],
  paused: ['Paused', 'bad'],
} as const satisfies Readonly<Record<TargetView['state'], readonly [string, string]>>;

const OUTCOMES: readonly (readonly [AttemptOutcome, string])[] = [
  ['answered', 'taken'],
  ['refused', 'refused'],
  ['timeout', 'no answer in time'],
  ['failed', 'no connection'],
];

/** How one target is doing, and what can be done about it. */
function TargetCard({ session, target: view, series, changed }: TargetProps) {
  const { target, url, state, words, advice, lastError } = view;
  const [name, look] = STATES[state];
  // The rest changes more often, and 32 targets have many marks.
  const plots = useMemo(() => <Plots target={target} series={series} />, [target, series]);
  return (
    <section class="panel target" tabIndex={-1} aria-label={`Target ${target}`}>
      <header class="target-head">
        <h2>
          <bdi>{target}</bdi>
        </h2>
        <span class={`mark ${look}`}>
          <Icon name={look === 'good' || look === 'bad' ? look : 'unknown'} /> {name}
        </span>
        <code class="quiet url">
          <bdi>{url}</bdi>
        </code>
        <Buttons session={session} view={view} changed={changed} />
      </header>
      <p class="words">{words}</p>
      {advice !== null && (
        <p class="advice">
          <span aria-hidden="true">→</span> {advice}
        </p>
      )}
      <Facts view={view} />
      {plots}
      {lastError !== null && (
        <div class="last-error">
          <h3>
            Last error <span class="quiet">{clockTime(lastError.at)}</span>
          </h3>
          <p class="quiet">
            <code>
              <bdi>{lastError.type}</bdi>
            </code>{' '}
            <code>{lastError.id}</code>
          </p>
          <Attempt attempt={lastError} />
        </div>
      )}
    </section>
  );
}

type ButtonsProps = Pick<TargetProps, 'session' | 'changed'> & { readonly view: TargetView };

function Buttons({ session: { api }, view: { target, deadLetters }, changed }: ButtonsProps) {
  const letters = counted(deadLetters, 'dead letter');
  const which = { all: 'true', target };
  const retry = async () => {
    const question = {
      title: `Retry ${target} now?`,
      text: 'What waits for it is tried again at once, the oldest event first.',
      yes: 'Retry now',
    };
    if (await askAndDo(question, () => api.act(`targets/${encodeURIComponent(target)}/retry`))) changed();
  };
  return (
    <div class="row">
      <button type="button" onClick={() => void retry()}>
        <Icon name="again" /> Retry now
      </button>
      {deadLetters > 0 && (
        <>
          <LetterButton
            {...{ api, done: changed, does: 'replay', which }}
            title={`Replay ${letters}?`}
            text={`What is replayed is sent to ${target} again, behind what waits for it.`}
          >
            Replay {letters}
          </LetterButton>
          <LetterButton
            {...{ api, done: changed, does: 'drop', which }}
            title={`Drop ${letters}?`}
            text={`${target} will never get what is dropped. This cannot be undone.`}
          >
            Drop
          </LetterButton>
        </>
      )}
    </div>
  );
}

function Facts({ view }: { readonly view: TargetView }) {
  const { queued, setAside, oldestMs, nextAttemptInMs, deadLetters, delivered, lost, silent } = view;
  const facts: readonly (readonly [name: string, value: string, isBad?: boolean])[] = [
    ['Delivered', grouped(delivered)],
    ['In the queue', grouped(queued)],
    ...(setAside > 0 ? [['Deferred', grouped(setAside)] as const] : []),
    ['Oldest', oldestMs === null ? '–' : duration(oldestMs)],
    ['Next attempt', nextAttemptInMs === null ? '–' : `in ${duration(nextAttemptInMs)}`],
    ['Dead letters', grouped(deadLetters), deadLetters > 0],
    ['Lost', grouped(lost), lost > 0],
    ...(silent ? [['Answers', 'never'] as const] : []),
  ];
  return (
    <dl class="facts-list">
      {facts.map(([name, value, isBad]) => (
        <div key={name} class={isBad ? 'bad-text' : ''}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Plots({ target, series }: { readonly target: string; readonly series: Series | null }) {
  const own = series?.targets.find((each) => each.target === target);
  if (series === null || own === undefined) return null;
  const outcomes = OUTCOMES.map(([outcome, name]) => ({ name, counts: own.outcomes[outcome] }));
  const latency = [
    { name: 'mean', counts: own.meanMs },
    { name: 'longest', counts: own.longestMs },
  ];
  return (
    <div class="plots">
      <Plot
        title="Attempts a minute"
        from={series.from}
        rows={outcomes}
        form="bars"
        nothing="No attempts in the last hour."
      />
      <Plot
        title="Time to answer"
        from={series.from}
        rows={latency}
        form="lines"
        say={duration}
        nothing="No answer in the last hour."
      />
    </div>
  );
}
