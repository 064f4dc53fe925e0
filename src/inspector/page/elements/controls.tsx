import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Drawn on 16 by 16, with lines. */
const PATHS = {
  live: 'M1 8h3l2-5 4 10 2-5h3',
  delivery: 'M1 8h11M8 4l4 4-4 4M15 3v10',
  now: 'M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M8 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM8 8h.01',
  health: 'M8 14s-6-3.6-6-8a3.3 3.3 0 0 1 6-1.9A3.3 3.3 0 0 1 14 6c0 4.4-6 8-6 8Z',
  alarm: 'M8 1.5 15 14H1L8 1.5ZM8 6v4M8 12h.01',
  emergency: 'M3 2h3l1.5 3.5L6 7a8 8 0 0 0 3 3l1.5-1.5L14 10v3a1 1 0 0 1-1 1A11 11 0 0 1 2 3a1 1 0 0 1 1-1Z',
  call: 'M2 3h12v8H7l-3 3v-3H2V3ZM5 6h6M5 8.5h4',
  unit: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14a5.5 5.5 0 0 1 11 0',
  record: 'M4 1.5h6l3 3v10H4v-13ZM6.5 7h4M6.5 10h4',
  alert: 'M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5l1 1h-11l1-1ZM7 14.5h2',
  account: 'M2 3h12v10H2V3ZM6 8.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM4 11a2 2 0 0 1 4 0M10 6.5h2M10 9h2',
  over: 'M2.5 8.5 6 12l7.5-8',
  other: 'M8 8h.01M3 8h.01M13 8h.01',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M5 3l8 5-8 5V3Z',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 5h7v9H6V5ZM3 11V2h7',
  again: 'M13 4v3.5H9.5M13 7.5A5.5 5.5 0 1 0 13.2 10',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 10h6.6L12 4',
  good: 'M2.5 8.5 6 12l7.5-8',
  bad: 'M4 4l8 8M12 4l-8 8',
  unknown: 'M3.5 8h9',
} as const;

export type IconName = keyof typeof PATHS;

/** Beside a text that says the same: screen readers leave it out. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

const LONGEST_TEXT = 200;

interface SearchBoxProps {
  /** For those who do not see the placeholder once something is typed. */
  readonly label: string;
  readonly placeholder: string;
  readonly typed: Signal<string>;
}

/** Where text to look for is typed. */
export function SearchBox({ label, placeholder, typed }: SearchBoxProps) {
  return (
    <span class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={LONGEST_TEXT}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
    </span>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  /** What stands for no choice. */
  readonly all: string;
  /** Values, and how each is called. */
  readonly options: readonly (readonly [value: Value, name: string])[];
  readonly choose: (value: Value | '') => void;
}

/** A choice of one thing to show, or of all. */
export function Choice<Value extends string>({ label, value, all, options, choose }: ChoiceProps<Value>) {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value as Value | '')}>
      <option value="">{all}</option>
      {options.map(([each, name]) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface ScrollTableProps {
  readonly label: string;
  readonly look: string;
  readonly columns: readonly ComponentChildren[];
  /** Its rows. */
  readonly children: ComponentChildren;
}

/** A table that scrolls in its own place. */
export function ScrollTable({ label, look, columns, children }: ScrollTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table class={look}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** @returns what `read` finds of an element, again whenever its size changes; `before` until it is there */
export function useMeasured(
  ref: RefObject<HTMLElement | null>,
  read: (element: HTMLElement) => number,
  before: number,
) {
  const measured = useSignal(before);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null) return;
    const measure = () => (measured.value = read(current));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return measured.value;
}
