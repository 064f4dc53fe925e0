import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';

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
