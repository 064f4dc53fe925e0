import { useEffect } from 'preact/hooks';
import type { DispatchCallView, EmergencyCallView, Now, Series, UnitView } from '../api-types.ts';
import { ScrollTable } from './elements/controls.tsx';
import { age, grouped } from './elements/format.ts';
import { Icon } from './elements/icons.tsx';
import { mostRows, Plot } from './elements/plot.tsx';
import { usePolled } from './elements/polled.ts';
import type { Session } from './session.ts';

const SERIES_MS = 10_000;
const NOW_MS = 2_000;
/** After an event: as soon as it was dispatched. */
const SOON_MS = 300;
const MOST_ROWS = 6;

/** Who is signed in, which calls there are, and what came in the last hour. */
export function NowView({ session }: { readonly session: Session }) {
  const { api, live } = session;
  const now = usePolled(() => api.ask<Now>('now'), NOW_MS);
  const series = usePolled(() => api.ask<Series>('series'), SERIES_MS);
  const newest = live.newest.value;

  useEffect(() => {
    const timer = setTimeout(() => void now.refresh(), SOON_MS);
    return () => clearTimeout(timer);
  }, [newest]);

  const answer = now.answer.value;
  const hour = series.answer.value;
  if (answer === null) return <p class="quiet pad">{now.failure.value ?? 'Asking the server …'}</p>;
  const { units, dispatchCalls, emergencyCalls, players, more } = answer;
  return (
    <div class="page">
      <h1>Now</h1>
      {now.failure.value !== null && <p class="strip bad">{now.failure.value}</p>}
      <dl class="tiles">
        <Tile name="Units" value={units.length + more.units} />
        <Tile name="Dispatch calls" value={dispatchCalls.length + more.dispatchCalls} />
        <Tile name="911 calls" value={emergencyCalls.length + more.emergencyCalls} />
        <Tile name="Players" value={players.connected} aside={`${grouped(players.matched)} matched with a unit`} />
      </dl>
      <Units units={units} more={more.units} />
      <div class="columns">
        <DispatchCalls calls={dispatchCalls} more={more.dispatchCalls} />
        <EmergencyCalls calls={emergencyCalls} more={more.emergencyCalls} />
      </div>
      {hour !== null && (
        <section class="panel pad plots" aria-label="The last hour">
          <Plot
            title="Events a minute, by type"
            from={hour.from}
            rows={mostRows(
              hour.events.map(({ type, counts }) => ({ name: type, counts })),
              MOST_ROWS,
            )}
            form="bars"
            nothing="No events in the last hour."
          />
          <Plot
            title="Refused a minute"
            from={hour.from}
            rows={mostRows(
              hour.refused.map(({ reason, counts }) => ({ name: reason, counts })),
              MOST_ROWS,
            )}
            form="bars"
            nothing="Nothing was refused in the last hour."
          />
        </section>
      )}
    </div>
  );
}

function Tile({ name, value, aside }: { readonly name: string; readonly value: number; readonly aside?: string }) {
  return (
    <div class="panel tile">
      <dt>{name}</dt>
      <dd>
        {grouped(value)} {aside !== undefined && <span class="quiet small-text">{aside}</span>}
      </dd>
    </div>
  );
}

function Units({ units, more }: { readonly units: readonly UnitView[]; readonly more: number }) {
  return (
    <section class="panel" aria-label="Units">
      <header class="pad section-head">
        <h2>
          Units <span class="count">{grouped(units.length + more)}</span>
        </h2>
      </header>
      {units.length === 0 ? (
        <p class="quiet pad">No unit is signed in to the CAD, as far as this server knows.</p>
      ) : (
        <ScrollTable
          label="List of units"
          look="units"
          columns={['Call sign', 'Name', 'Status', 'Department', 'Calls', 'Players']}
        >
          {units.map((unit) => (
            <UnitRow key={unit.ident} unit={unit} />
          ))}
        </ScrollTable>
      )}
      <More count={more} />
    </section>
  );
}

/** Statuses beyond the CAD's own five share the last look. */
const LAST_STATUS = 5;

function UnitRow({
  unit: { ident, callSign, name, department, status, statusLabel, isPanic, isDispatch, calls, players },
}: {
  readonly unit: UnitView;
}) {
  return (
    <tr class={isPanic ? 'panic' : ''}>
      <th scope="row">
        <bdi>{callSign || `#${ident}`}</bdi>
        {isDispatch && <span class="mark">dispatch</span>}
      </th>
      <td>
        <bdi>{name}</bdi>
      </td>
      <td>
        <span class={`mark status-${Math.min(Math.max(status, 0), LAST_STATUS)}`}>
          <bdi>{statusLabel}</bdi>
        </span>
        {isPanic && (
          <span class="mark bad">
            <Icon name="alarm" /> PANIC
          </span>
        )}
      </td>
      <td>
        <bdi>{department}</bdi>
      </td>
      <td class="number-list">{calls.join(', ') || '–'}</td>
      <td class="number-list">{players.join(', ') || '–'}</td>
    </tr>
  );
}

function DispatchCalls({ calls, more }: { readonly calls: readonly DispatchCallView[]; readonly more: number }) {
  return (
    <section class="panel" aria-label="Dispatch calls">
      <header class="pad section-head">
        <h2>
          Dispatch calls <span class="count">{grouped(calls.length + more)}</span>
        </h2>
      </header>
      {calls.length === 0 && <p class="quiet pad">None.</p>}
      <ul class="cards">
        {calls.map(({ callId, status, priority, title, code, address, postal, description, units, changedMs }) => (
          <li key={callId} class={status === 'closed' ? 'card closed' : 'card'}>
            <h3>
              <span class="quiet">{callId}</span>{' '}
              <bdi>{[code, title].filter((part) => part !== '').join(' · ') || 'Call'}</bdi>
            </h3>
            <p class="marks">
              <span class={`mark call-${status}`}>{status}</span>
              <span class="mark">priority {priority}</span>
              {changedMs !== null && <span class="quiet">{age(changedMs)}</span>}
            </p>
            <Place address={address} postal={postal} />
            {description !== '' && <p class="typed">{description}</p>}
            <p class="quiet">{units.length === 0 ? 'No units' : <bdi>{units.join(', ')}</bdi>}</p>
          </li>
        ))}
      </ul>
      <More count={more} />
    </section>
  );
}

function EmergencyCalls({ calls, more }: { readonly calls: readonly EmergencyCallView[]; readonly more: number }) {
  return (
    <section class="panel" aria-label="911 calls">
      <header class="pad section-head">
        <h2>
          911 calls <span class="count">{grouped(calls.length + more)}</span>
        </h2>
      </header>
      {calls.length === 0 && <p class="quiet pad">None waits for a unit.</p>}
      <ul class="cards">
        {calls.map(({ callId, isEmergency, caller, location, description, changedMs }) => (
          <li key={callId} class="card">
            <h3>
              <span class="quiet">{callId}</span> <bdi>{caller || 'Unknown caller'}</bdi>
            </h3>
            <p class="marks">
              <span class={isEmergency ? 'mark bad' : 'mark'}>{isEmergency ? '911' : '311'}</span>
              {changedMs !== null && <span class="quiet">{age(changedMs)}</span>}
            </p>
            <Place address={location} postal="" />
            {description !== '' && <p class="typed">{description}</p>}
          </li>
        ))}
      </ul>
      <More count={more} />
    </section>
  );
}

function Place({ address, postal }: { readonly address: string; readonly postal: string }) {
  if (address === '' && postal === '') return null;
  return (
    <p>
      <bdi>{address}</bdi> {postal !== '' && <bdi class="quiet">{postal}</bdi>}
    </p>
  );
}

function More({ count }: { readonly count: number }) {
  return count === 0 ? null : <p class="quiet pad">and {grouped(count)} more</p>;
}
