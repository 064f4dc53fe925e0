import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EventSource } from '../../api-types.ts';
import { Choice, SearchBox } from '../elements/controls.tsx';
import { counted } from '../elements/format.ts';
import { Icon } from '../elements/icons.tsx';
import { type Filter, type LiveEvents, NO_FILTER, SOURCES } from './live-events.ts';

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
      <SearchBox label="Text in the payload" placeholder="Search payloads" typed={typed} />
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
