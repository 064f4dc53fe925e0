import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { AttemptView, EventDetail, PlayersTold } from '../../api-types.ts';
import { doAndTell, tell } from '../elements/ask-and-tell.tsx';
import { Icon } from '../elements/controls.tsx';
import { bytes, clockTime, counted, dateAndTime, duration, grouped } from '../elements/format.ts';
import type { Session } from '../session.ts';
import { JsonTree } from './json-tree.tsx';
import { type LookedAt, SOURCES } from './live-events.ts';

/** What becomes of an event is asked for again, while something may still happen to it. */
const REFRESH_MS = 5_000;
const LONGEST_JSON = 100_000;
const COMMAND = 'The command, with YOUR_API_KEY in place of the key,';

interface DetailsProps {
  readonly session: Session;
  readonly looked: LookedAt;
}

/** One event: its payload, why it was not understood, who got it, and what targets answered. */
export function EventDetails({ session, looked }: DetailsProps) {
  const { seq, detail, payload, failure } = looked;
  const { live, api } = session;
  const closing = useRef<HTMLButtonElement>(null);
  const summary = detail ?? live.shown.value.find((event) => event.seq === seq);

  useEffect(() => {
    const timer = setInterval(() => document.hidden || void live.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [live]);

  useLayoutEffect(() => {
    // On a phone it takes the place of the list, which would take the focus away with it.
    if (listOfEvents()?.offsetParent === null) closing.current?.focus();
  }, []);

  const close = () => {
    live.close();
    // Once the list is there again.
    requestAnimationFrame(() => listOfEvents()?.focus());
  };
  const again = () => void doAndTell(() => api.act(`events/${seq}/again`));
  const copyCurl = () =>
    void api.askText(`events/${seq}/curl`).then(
      // The server does not know of a proxy that speaks TLS before it.
      (text) => copy(COMMAND, text.replace("'http:", `'${location.protocol}`)),
      (error: Error) => tell(error.message, true),
    );

  return (
    <section class="panel details" aria-label="The chosen event">
      <header class="details-head">
        <button ref={closing} type="button" class="plain icon-only" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
        <h2>
          <bdi>{summary?.title || summary?.type || `Event ${seq}`}</bdi>
        </h2>
        {summary !== undefined && (
          <p class="quiet facts">
            <code>
              <bdi>{summary.type}</bdi>
            </code>
            <time>{dateAndTime(summary.receivedAt)}</time>
            <span>{SOURCES[summary.source]}</span>
            <span>{bytes(summary.bytes)}</span>
            <code class="id">{summary.id}</code>
          </p>
        )}
        <div class="row">
          <button type="button" disabled={payload === null} onClick={() => void copy('The JSON', payload ?? '')}>
            <Icon name="copy" /> Copy JSON
          </button>
          <button type="button" disabled={payload === null} onClick={copyCurl}>
            <Icon name="copy" /> Copy curl
          </button>
          <button type="button" disabled={detail?.canSendAgain !== true} onClick={again}>
            <Icon name="again" /> Send again as simulated
          </button>
        </div>
      </header>
      {failure !== null && (
        <p class="strip bad" role="alert">
          {failure}
        </p>
      )}
      {detail === null && failure === null && <p class="quiet pad">Asking for it …</p>}
      {detail !== null && <Issues issues={detail.issues} />}
      {payload !== null && (payload === 'null' ? <TooDeep /> : <Payload payload={payload} />)}
      {detail !== null && <Fate detail={detail} />}
    </section>
  );
}

/** Puts a text into the clipboard, and says so. @param what begins the sentence */
async function copy(what: string, text: string): Promise<void> {
  try {
    // Browsers give a clipboard only to pages that came by https or from this machine.
    if (window.isSecureContext) await navigator.clipboard.writeText(text);
    else copySelected(text);
    tell(`${what} is in your clipboard.`);
  } catch {
    tell('Your browser did not let the page copy it.', true);
  }
}

/** What there was before `navigator.clipboard`, and what browsers still offer everywhere. */
function copySelected(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'hidden';
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!isCopied) throw new Error('not copied');
}

const listOfEvents = () => document.querySelector<HTMLElement>('.events');

function Issues({ issues }: Pick<EventDetail, 'issues'>) {
  if (issues.length === 0) return null;
  return (
    <div class="strip bad">
      <strong>Its data was not understood</strong>
      <ul>
        {issues.map((issue) => (
          <li key={issue}>
            <bdi class="typed">{issue}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

function TooDeep() {
  return <p class="strip">Its payload is nested too deep to be shown.</p>;
}

/** Of a reviver: long numbers, such as ids of Discord, stay as they are written, where the browser tells how that is. */
function exactly(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const written = context?.source ?? '';
  const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(written);
  return isRounded ? BigInt(written) : value;
}

function Payload({ payload }: { readonly payload: string }) {
  const form = useSignal<'tree' | 'json'>('tree');
  const value: unknown = useMemo(() => JSON.parse(payload, exactly), [payload]);
  const choose = (wanted: 'tree' | 'json', label: string) => (
    <button type="button" aria-pressed={form.value === wanted} onClick={() => (form.value = wanted)}>
      {label}
    </button>
  );
  return (
    <Part
      title="Payload"
      aside={
        <fieldset class="choice">
          <legend class="hidden">Form of the payload</legend>
          {choose('tree', 'Tree')}
          {choose('json', 'JSON')}
        </fieldset>
      }
    >
      {form.value === 'tree' ? <JsonTree value={value} /> : <Json text={payload} />}
    </Part>
  );
}

/** Marks that turn texts round or hide in them are shown as JSON can write them. */
const UNSEEN = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function Json({ text }: { readonly text: string }) {
  const shown = text
    .slice(0, LONGEST_JSON)
    .replace(UNSEEN, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const hidden = text.length - LONGEST_JSON;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre class="json" tabIndex={0}>
        {shown}
      </pre>
      {hidden > 0 && <p class="quiet">{grouped(hidden)} more characters: copy the JSON to see them.</p>}
    </>
  );
}

function Fate({ detail }: { readonly detail: EventDetail }) {
  const { subscribers, players, targets, dispatchMs, hops, receivedAt } = detail;
  return (
    <>
      <Part
        title="In the game"
        aside={
          <span class="quiet">{dispatchMs === null ? 'not dispatched yet' : `${duration(dispatchMs)} in all`}</span>
        }
      >
        {subscribers.length === 0 && <p class="quiet">No resource has subscribed to it.</p>}
        {subscribers.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">Subscriber</th>
                <th scope="col">Way</th>
                <th scope="col" class="number">
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {subscribers.map(({ resource, form, ms, failed }, index) => (
                <tr key={index}>
                  <th scope="row">
                    <bdi>{resource}</bdi>
                    {failed !== null && (
                      <p class="bad-text">
                        <Icon name="bad" /> failed: <bdi class="typed">{failed.trim()}</bdi>
                      </p>
                    )}
                  </th>
                  <td>{form === 'body' ? 'RegisterPushEvent' : 'subscription'}</td>
                  <td class="number">{duration(ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {players.length === 0 ? (
          <p class="quiet">No player was told.</p>
        ) : (
          <ul class="told">
            {players.map((told, index) => (
              <li key={index}>{toldText(told, receivedAt)}</li>
            ))}
          </ul>
        )}
      </Part>
      <Part
        title="Targets"
        aside={hops > 0 && <span class="quiet">{counted(hops, 'forwarder')} before this server</span>}
      >
        {targets.length === 0 && <p class="quiet">No target was tried with it.</p>}
        {targets.map(({ target, attempts }) => (
          <div key={target} class="answers">
            <h4>
              <bdi>{target}</bdi>
            </h4>
            <ol>
              {attempts.map((attempt) => (
                <li key={attempt.attempt}>
                  <Attempt attempt={attempt} />
                </li>
              ))}
            </ol>
          </div>
        ))}
      </Part>
    </>
  );
}

/** One attempt at a target: what came of it, and the beginning of the answer. */
export function Attempt({
  attempt: { at, outcome, status, error, ms, attempt, next, answer },
}: {
  readonly attempt: AttemptView;
}) {
  const isTaken = outcome === 'answered';
  return (
    <>
      <p class="attempt">
        <span class={isTaken ? 'mark good' : 'mark bad'}>
          <Icon name={isTaken ? 'good' : 'bad'} /> {status ?? (isTaken ? 'no answer' : error)}
        </span>
        <span>
          attempt {attempt} at {clockTime(at)}, {duration(ms)}
        </span>
        <span class="quiet">{next}</span>
      </p>
      {answer !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <pre class="answer" tabIndex={0}>
          <bdi>{answer}</bdi>
        </pre>
      )}
    </>
  );
}

/** What is told later than this is said to be. */
const LATER_MS = 1_000;

function toldText({ by, what, players, at }: PlayersTold, receivedAt: number): ComponentChildren {
  const waited = at - receivedAt;
  const who = players.includes(-1)
    ? 'all players'
    : `${players.length === 1 ? 'player' : 'players'} ${players.join(', ')}`;
  return (
    <>
      {by === 'event' ? 'Net event' : 'Notification'} <code>{what}</code> to {who}
      {waited >= LATER_MS && `, ${duration(waited)} later`}
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

function Part({ title, aside, children }: PartProps) {
  return (
    <section class="part" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  );
}
