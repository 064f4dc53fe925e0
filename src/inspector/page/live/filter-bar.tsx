import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { counted } from '../elements/format.ts';
import { Icon } from '../elements/icons.tsx';
import { type Filter, type LiveEvents, NO_FILTER } from './live-events.ts';

/** Typing is over when it paused for so long. */
const TYPED_MS = 300;
const LONGEST_TEXT = 200;

interface FilterBarProps {
  readonly live: LiveEvents;
  readonly types: readonly string[];
}

/** Which events are shown, and whether the list goes on. */
export function FilterBar({ live, types }: FilterBarProps) {
  const { type, text, valid, source } = live.filter.value;
  const typed = useSignal(text);
  const change = (some: Partial<Filter>) => live.filterBy({ ...live.filter.peek(), ...some });

  useEffect(() => {
    const timer = setTimeout(() => live.filterBy({ ...live.filter.peek(), text: typed.value.trim() }), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed.value, live]);

  const reset = () => {
    typed.value = '';
    live.filterBy(NO_FILTER);
  };
  const isFiltered = [type, text, valid, source].some((value) => value !== '');
  const known = type === '' || types.includes(type) ? types : [...types, type];

  return (
    <search class="filters" aria-label="Filter events">
      <span class="search">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Text in the payload"
          placeholder="Search payloads"
          maxLength={LONGEST_TEXT}
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      </span>
      <select aria-label="Type" value={type} onChange={(event) => change({ type: event.currentTarget.value })}>
        <option value="">All types</option>
        {known.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <select
        aria-label="Understood or not"
        value={valid}
        onChange={(event) => change({ valid: event.currentTarget.value as Filter['valid'] })}
      >
        <option value="">Any data</option>
        <option value="true">Understood</option>
        <option value="false">Not understood</option>
      </select>
      <select
        aria-label="Source"
        value={source}
        onChange={(event) => change({ source: event.currentTarget.value as Filter['source'] })}
      >
        <option value="">All sources</option>
        <option value="http">HTTP</option>
        <option value="websocket">Session</option>
        <option value="simulated">Simulated</option>
      </select>
      {isFiltered && (
        <button type="button" class="plain" onClick={reset}>
          Reset
        </button>
      )}
      <span class="grow" />
      <button type="button" class="plain" onClick={() => live.clear()}>
        Clear
      </button>
      <PauseButton live={live} />
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
