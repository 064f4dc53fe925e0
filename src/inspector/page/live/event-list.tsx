import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { EventSummary } from '../../api-types.ts';
import { Icon, type IconName, useMeasured } from '../elements/controls.tsx';
import { clockTime } from '../elements/format.ts';
import { SOURCES } from './live-events.ts';

/** Of a row, as the style sheet has it. */
const ROW = 52;
/** Rows beyond the edges, so that scrolling shows no empty place. */
const SPARE = 6;

interface EventListProps {
  /** Newest first. */
  readonly events: readonly EventSummary[];
  readonly selected: number | null;
  readonly choose: (seq: number) => void;
}

/** A list of which only what can be seen is in the document. What comes above does not move what is looked at. */
export function EventList({ events, selected, choose }: EventListProps) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(events);
  const top = useSignal(0);
  const height = useMeasured(box, ({ clientHeight }) => clientHeight, 600);

  useLayoutEffect(() => {
    const { current } = box;
    const [first] = before.current;
    before.current = events;
    if (current === null || first === undefined || current.scrollTop < ROW / 2) return;
    const added = events.findIndex(({ seq }) => seq === first.seq);
    if (added > 0) current.scrollTop += added * ROW;
  }, [events]);

  const from = Math.max(0, Math.floor(top.value / ROW) - SPARE);
  const till = Math.min(events.length, Math.ceil((top.value + height) / ROW) + SPARE);
  const at = events.findIndex(({ seq }) => seq === selected);
  const isRendered = at >= from && at < till;

  const goTo = (index: number) => {
    const event = events[Math.min(Math.max(index, 0), events.length - 1)];
    const { current } = box;
    if (event === undefined || current === null) return;
    const place = events.indexOf(event) * ROW;
    if (place < current.scrollTop) current.scrollTop = place;
    else if (place + ROW > current.scrollTop + current.clientHeight)
      current.scrollTop = place + ROW - current.clientHeight;
    choose(event.seq);
  };
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: events.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    goTo(to);
  };

  return (
    <div
      ref={box}
      class="events"
      role="listbox"
      aria-label="Events, newest first"
      aria-activedescendant={isRendered ? `event-${selected}` : undefined}
      tabIndex={0}
      onScroll={(event) => (top.value = event.currentTarget.scrollTop)}
      onKeyDown={press}
    >
      <div role="presentation" style={{ height: `${events.length * ROW}px`, position: 'relative' }}>
        {events.slice(from, till).map((event, index) => (
          <EventRow
            key={event.seq}
            event={event}
            place={from + index}
            count={events.length}
            isSelected={event.seq === selected}
            choose={choose}
          />
        ))}
      </div>
    </div>
  );
}

interface EventRowProps {
  readonly event: EventSummary;
  readonly place: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly choose: (seq: number) => void;
}

function EventRow({ event, place, count, isSelected, choose }: EventRowProps) {
  const { seq, type, title, text, source, valid, receivedAt } = event;
  const [kind, look] = kindOf(event);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names its active row.
    <div
      id={`event-${seq}`}
      class="event"
      role="option"
      aria-selected={isSelected}
      aria-posinset={place + 1}
      aria-setsize={count}
      style={{ transform: `translateY(${place * ROW}px)` }}
      onClick={() => choose(seq)}
    >
      <span class={`kind ${look}`}>
        <Icon name={kind} />
      </span>
      <span class="event-title">
        <bdi>{title || type}</bdi>
      </span>
      <time class="number">{clockTime(receivedAt)}</time>
      <span class="event-text quiet">
        {title !== '' && (
          <code>
            <bdi>{type}</bdi>
          </code>
        )}
        <span class="grow">
          {text.split(' · ').map((part, index) => (
            // Each by itself: a mark that turns one round must not turn the next.
            <span key={index}>
              {index > 0 && ' · '}
              <bdi>{part}</bdi>
            </span>
          ))}
        </span>
        {!valid && <span class="mark bad">not understood</span>}
        {source !== 'http' && <span class="mark">{SOURCES[source]}</span>}
      </span>
    </div>
  );
}

/** What a type is about, by its name: the first that fits. Each has an icon and a colour. */
const KINDS: readonly (readonly [RegExp, icon: IconName, look: string])[] = [
  [/PANIC/, 'alarm', 'bad'],
  [/CLOSED|REMOVE_911|LOGOUT/, 'over', ''],
  [/_911|CALLOUT/, 'emergency', 'warn'],
  [/DISPATCH/, 'call', 'accent'],
  [/UNIT/, 'unit', 'teal'],
  [/RECORD/, 'record', 'violet'],
  [/TONE|ALERT|SIGN|PAGER/, 'alert', 'warn'],
  [/CHAR|LINK/, 'account', 'violet'],
];

function kindOf({ type, valid }: EventSummary): readonly [icon: IconName, look: string] {
  if (!valid) return ['bad', 'bad'];
  const [, icon, look] = KINDS.find(([pattern]) => pattern.test(type)) ?? [null, 'other' as const, ''];
  return [icon, look];
}
