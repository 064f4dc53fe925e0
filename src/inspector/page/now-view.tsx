import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { DispatchCallView, EmergencyCallView, Now, Series, UnitView } from '../api-types.ts';
import { Icon, ScrollTable } from './elements/controls.tsx';
import { age, grouped } from './elements/format.ts';
import { mostRows, Plot } from './elements/plot.tsx';
import { type Session, usePolled } from './session.ts';

const SERIES_MS = 10_000;
const NOW_MS = 2_000;
/** After an event: as soon as it was dispatched. */
const SOON_MS = 300;

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
  const closed = dispatchCalls.filter(({ status }) => status === 'closed').length;
  return (
    <div class="page">
      <h1>Now</h1>
      {now.failure.value !== null && <p class="strip bad">{now.failure.value}</p>}
      <dl class="tiles">
        <Tile name="Units" value={units.length + more.units} />
        <Tile
          name="Dispatch calls"
          value={dispatchCalls.length + more.dispatchCalls - closed}
          {...(closed > 0 && { aside: `and ${grouped(closed)} closed` })}
        />
        <Tile name="911 calls" value={emergencyCalls.length + more.emergencyCalls} />
        <Tile name="Players" value={players.connected} aside={`${grouped(players.matched)} matched with a unit`} />
      </dl>
      <List
        title="Units"
        count={units.length}
        nothing="No unit is signed in to the CAD, as far as this server knows."
        more={more.units}
      >
        <ScrollTable
          label="List of units"
          look="units"
          columns={['Call sign', 'Name', 'Status', 'Department', 'Calls', 'Players']}
        >
          {units.map((unit) => (
            <UnitRow key={unit.ident} unit={unit} />
          ))}
        </ScrollTable>
      </List>
      <div class="columns">
        <List title="Dispatch calls" count={dispatchCalls.length} nothing="None." more={more.dispatchCalls}>
          <ul>
            {dispatchCalls.map((call) => (
              <DispatchCall key={call.callId} call={call} />
            ))}
          </ul>
        </List>
        <List
          title="911 calls"
          count={emergencyCalls.length}
          nothing="None waits for a unit."
          more={more.emergencyCalls}
        >
          <ul>
            {emergencyCalls.map((call) => (
              <EmergencyCall key={call.callId} call={call} />
            ))}
          </ul>
        </List>
      </div>
      {hour !== null && (
        <section class="panel pad plots" aria-label="The last hour">
          <Plot
            title="Events a minute, by type"
            from={hour.from}
            rows={mostRows(hour.events.map(({ type: name, counts }) => ({ name, counts })))}
            form="bars"
            nothing="No events in the last hour."
          />
          <Plot
            title="Refused a minute"
            from={hour.from}
            rows={mostRows(hour.refused.map(({ reason: name, counts }) => ({ name, counts })))}
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

interface ListProps {
  readonly title: string;
  readonly count: number;
  /** Said in place of an empty list. */
  readonly nothing: string;
  /** How many there are beyond those that are listed. */
  readonly more: number;
  readonly children: ComponentChildren;
}

function List({ title, count, nothing, more, children }: ListProps) {
  return (
    <section class="panel" aria-label={title}>
      <header class="pad section-head">
        <h2>
          {title} <span class="count">{grouped(count + more)}</span>
        </h2>
      </header>
      {count === 0 ? <p class="quiet pad">{nothing}</p> : children}
      {more > 0 && <p class="quiet pad">and {grouped(more)} more</p>}
    </section>
  );
}

/** By the CAD's own statuses. */
const STATUS_LOOKS = ['', 'bad', 'good', 'warn', 'accent'];
const CALL_LOOKS = { pending: 'warn', active: 'accent', closed: '' };

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
        <span class={`mark ${STATUS_LOOKS[status] ?? ''}`}>
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

interface CallProps {
  readonly callId: number;
  readonly isClosed?: boolean;
  readonly title: string;
  readonly marks: ComponentChildren;
  readonly changedMs: number | null;
  readonly address: string;
  readonly postal?: string;
  readonly description: string;
  readonly children?: ComponentChildren;
}

function Call({ callId, isClosed, title, marks, changedMs, address, postal = '', description, children }: CallProps) {
  return (
    <li class={isClosed ? 'card closed' : 'card'}>
      <h3>
        <span class="quiet">{callId}</span> <bdi>{title}</bdi>
      </h3>
      <p class="marks">
        {marks}
        {changedMs !== null && <span class="quiet">{age(changedMs)}</span>}
      </p>
      {address + postal !== '' && (
        <p>
          <bdi>{address}</bdi> {postal !== '' && <bdi class="quiet">{postal}</bdi>}
        </p>
      )}
      {description !== '' && <p class="typed">{description}</p>}
      {children}
    </li>
  );
}

function DispatchCall({ call }: { readonly call: DispatchCallView }) {
  const { status, priority, title, code, units } = call;
  const marks = (
    <>
      <span class={`mark ${CALL_LOOKS[status]}`}>{status}</span>
      <span class="mark">priority {priority}</span>
    </>
  );
  const named = [code, title].filter((part) => part !== '').join(' · ') || 'Call';
  return (
    <Call {...call} title={named} isClosed={status === 'closed'} marks={marks}>
      <p class="quiet">{units.length === 0 ? 'No units' : <bdi>{units.join(', ')}</bdi>}</p>
    </Call>
  );
}

function EmergencyCall({ call }: { readonly call: EmergencyCallView }) {
  const { isEmergency, caller, location } = call;
  const mark = <span class={isEmergency ? 'mark bad' : 'mark'}>{isEmergency ? '911' : '311'}</span>;
  return <Call {...call} title={caller || 'Unknown caller'} marks={mark} address={location} />;
}
