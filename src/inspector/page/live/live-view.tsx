import { grouped } from '../elements/format.ts';
import { Icon } from '../elements/icons.tsx';
import type { Session } from '../session.ts';
import { EventDetails } from './event-details.tsx';
import { EventList } from './event-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { NO_FILTER } from './live-events.ts';

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
            {grouped(live.missed.value)} events came faster than they are kept, and are not listed.
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
