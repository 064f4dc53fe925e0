import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EventSource } from '../../api-types.ts';
import { Choice, Icon, SearchBox } from '../elements/controls.tsx';
import { counted } from '../elements/format.ts';
import type { Session } from '../session.ts';
import { EventDetails } from './event-details.tsx';
import { EventList } from './event-list.tsx';
import { type Filter, type LiveEvents, NO_FILTER, SOURCES } from './live-events.ts';

/** Events as they come, and the one that is looked at. */
export function LiveView({ session }: { readonly session: Session }) {
  const { live } = session;
  const events = live.shown.value;
  const selected = live.selected.value;
  const choose = (seq: number) => void live.open(seq);
  return (
    <div class={selected === null ? 'live' : 'live has-details'}>
      <h1 class="hidden">Live</h1>
      <section class="panel list-side" aria-label="List of events">
        <FilterBar live={live} types={session.about.value?.types ?? []} />
        {live.missed.value > 0 && (
          <p class="strip warn">
            Not listed: {counted(live.missed.value, 'event')} that came faster than the server keeps them.
          </p>
        )}
        {events.length === 0 ? (
          <Nothing session={session} />
        ) : (
          <EventList events={events} selected={selected?.seq ?? null} choose={choose} />
        )}
      </section>
      {selected === null ? (
        <section class="panel no-details quiet" aria-label="No event is chosen">
          <Icon name="live" />
          <p>Choose an event to see its payload, and what became of it.</p>
        </section>
      ) : (
        <EventDetails key={selected.seq} session={session} looked={selected} />
      )}
    </div>
  );
}

function Nothing({ session }: { readonly session: Session }) {
  const { live } = session;
  const isFiltered = JSON.stringify(live.filter.value) !== JSON.stringify(NO_FILTER);
  const isWaiting = live.way.value === 'connecting';
  const resource = session.about.value?.resource ?? 'sonorancad';
  return (
    <div class="nothing quiet">
      <Icon name="live" />
      {isWaiting && <p>Connecting to the server …</p>}
      {!isWaiting && isFiltered && <p>No event fits this filter. What fits shows up here as it comes.</p>}
      {!isWaiting && !isFiltered && (
        <>
          <p>No events yet. They show up here as the CAD sends them.</p>
          <p>
            To try it, type <code>{resource} test 911</code> into the server's console.
          </p>
        </>
      )}
    </div>
  );
}

/** Typing is over when it paused for so long. */
const TYPED_MS = 300;

const VALIDITIES = [
  ['true', 'Understood'],
  ['false', 'Not understood'],
] as const;

interface FilterBarProps {
  readonly live: LiveEvents;
  readonly types: readonly string[];
}

/** Which events are shown, and whether the list goes on. */
function FilterBar({ live, types }: FilterBarProps) {
  const { type, text, valid, source } = live.filter.value;
  const typed = useSignal(text);
  const change = (some: Partial<Filter>) => live.filterBy({ ...live.filter.peek(), ...some });

  useEffect(() => {
    const timer = setTimeout(() => live.filterBy({ ...live.filter.peek(), text: typed.value.trim() }), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed.value, live]);

  const reset = ({ currentTarget }: MouseEvent) => {
    typed.value = '';
    live.filterBy(NO_FILTER);
    // The button goes, and must not take the focus with it.
    (currentTarget as Element).parentElement?.querySelector('input')?.focus();
  };
  const isFiltered = [type, text, valid, source].some((value) => value !== '');
  const known = type === '' || types.includes(type) ? types : [...types, type];

  return (
    <search class="filters" aria-label="Filter events">
      <SearchBox label="Text in the payload" placeholder="Search payloads" typed={typed} />
      <PauseButton live={live} />
      <button type="button" class="plain" onClick={() => live.clear()}>
        Clear
      </button>
      <Choice
        label="Type"
        value={type}
        all="All types"
        options={known.map((each) => [each, each])}
        choose={(chosen) => change({ type: chosen })}
      />
      <Choice
        label="Understood or not"
        value={valid}
        all="Any data"
        options={VALIDITIES}
        choose={(chosen) => change({ valid: chosen })}
      />
      <Choice
        label="Source"
        value={source}
        all="All sources"
        options={Object.entries(SOURCES) as [EventSource, string][]}
        choose={(chosen) => change({ source: chosen })}
      />
      {isFiltered && (
        <button type="button" class="plain" onClick={reset}>
          Reset
        </button>
      )}
    </search>
  );
}

function PauseButton({ live }: Pick<FilterBarProps, 'live'>) {
  if (!live.isPaused.value)
    return (
      <button type="button" onClick={() => live.pause()}>
        <Icon name="pause" /> Pause
      </button>
    );
  return (
    <button type="button" class="main" onClick={() => live.resume()}>
      <Icon name="play" /> Resume
      {live.held.value > 0 && <span class="count">{counted(live.held.value, 'event')}</span>}
    </button>
  );
}
