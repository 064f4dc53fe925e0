import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { grouped } from '../elements/format.ts';

/** Of a text, until all of it is asked for. */
const SHORT = 300;
/** Of a text at all: browsers stall at a million characters in one place. */
const LONG = 50_000;
/** Entries shown at once. */
const MOST = 100;
/** Levels that are open at first, and how many entries one below may have to be open, too. */
const OPEN_LEVELS = 3;
const FEW = 12;

interface NodeProps {
  readonly name: string | number | null;
  readonly value: unknown;
  readonly level: number;
}

/** A JSON value as lists within lists. Texts are set as text, each kept apart from what stands beside it. */
export function JsonTree({ value }: { readonly value: unknown }) {
  return (
    <ul class="tree">
      <Node name={null} value={value} level={0} />
    </ul>
  );
}

function Node({ name, value, level }: NodeProps) {
  const label = name === null ? null : <Name name={name} />;
  if (typeof value === 'object' && value !== null) return <Branch label={label} value={value} level={level} />;
  return (
    <li>
      {label}
      {typeof value === 'string' ? <Text text={value} /> : <span class={`json-${typeof value}`}>{String(value)}</span>}
    </li>
  );
}

function Branch({
  label,
  value,
  level,
}: {
  readonly label: ComponentChildren;
  readonly value: object;
  readonly level: number;
}) {
  const isList = Array.isArray(value);
  const entries = isList ? value.map((each, index) => [index, each] as const) : Object.entries(value);
  const isOpen = useSignal(entries.length <= (level < OPEN_LEVELS ? MOST : FEW) && level < 2 * OPEN_LEVELS);
  const shown = useSignal(MOST);
  if (entries.length === 0)
    return (
      <li>
        {label}
        <span class="quiet">{isList ? 'empty list' : 'empty'}</span>
      </li>
    );
  return (
    <li>
      <button type="button" class="fold" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
        {label ?? <span class="quiet">payload </span>}
        <span class="quiet">
          {isList ? '[' : '{'}
          {grouped(entries.length)}
          {isList ? ']' : '}'}
        </span>
      </button>
      {isOpen.value && (
        <ul>
          {entries.slice(0, shown.value).map(([name, each]) => (
            <Node key={name} name={name} value={each} level={level + 1} />
          ))}
          {entries.length > shown.value && (
            <li>
              <button type="button" class="small" onClick={() => (shown.value += MOST)}>
                {grouped(Math.min(MOST, entries.length - shown.value))} more of {grouped(entries.length - shown.value)}
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

function Name({ name }: { readonly name: string | number }) {
  const text = String(name);
  return (
    <span class="json-name">
      <bdi>{text.length > SHORT ? `${text.slice(0, SHORT)}…` : text}</bdi>:{' '}
    </span>
  );
}

function Text({ text }: { readonly text: string }) {
  const most = useSignal(SHORT);
  const hidden = text.length - most.value;
  return (
    <span class="json-string">
      “<bdi class="typed">{hidden > 0 ? text.slice(0, most.value) : text}</bdi>
      {hidden > 0 ? '…' : '”'}
      {hidden > 0 && most.value < LONG && (
        <button type="button" class="small" onClick={() => (most.value = LONG)}>
          {grouped(hidden)} more characters
        </button>
      )}
      {hidden > 0 && most.value >= LONG && (
        <span class="quiet"> {grouped(hidden)} more characters: copy the JSON to see them</span>
      )}
    </span>
  );
}
