import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Minutes } from '../../api-types.ts';
import { ScrollTable, useMeasured } from './controls.tsx';
import { clockMinute, grouped } from './format.ts';

/** Sixty numbers with a name. */
export interface Row {
  readonly name: string;
  readonly counts: Minutes;
}

interface PlotProps {
  readonly title: string;
  /** When the first minute began. */
  readonly from: number;
  /** With `bars` one upon the other from below, with `lines` each by itself. At most six. */
  readonly rows: readonly Row[];
  readonly form: 'bars' | 'lines';
  /** How a number is written. */
  readonly say?: (value: number) => string;
  /** Said in place of a plot of zeros. */
  readonly nothing: string;
}

const MOST_ROWS = 6;
const HEIGHT = 132;
const LEFT = 52;
const BOTTOM = 20;
const TOP = 8;
const MINUTES = 60;
const MINUTE_MS = 60_000;
const FLOOR = HEIGHT - BOTTOM;
const EACH_MINUTE = [...Array(MINUTES).keys()];

/** A plot of the last hour, whose rows differ by pattern or dashes, not by colour alone, with its numbers as a table. */
export function Plot({ title, from, rows, form, say = grouped, nothing }: PlotProps) {
  const ref = useRef<HTMLElement>(null);
  const width = useMeasured(ref, ({ clientWidth }) => Math.max(clientWidth, 200), 600);
  const pointed = useSignal<number | null>(null);
  const isEmpty = rows.every(({ counts }) => counts.every((count) => count === 0));
  const top = niceTop(highest(rows, form));
  const step = (width - LEFT) / MINUTES;
  const y = (value: number) => FLOOR - (value / top) * (FLOOR - TOP);
  const total = (row: Row) => (form === 'bars' ? sum(row.counts) : Math.max(...row.counts));
  const point = (event: PointerEvent) => {
    const { left } = (event.currentTarget as Element).getBoundingClientRect();
    const minute = Math.floor((event.clientX - left - LEFT) / step);
    pointed.value = minute >= 0 && minute < MINUTES ? minute : null;
  };
  const minute = pointed.value;

  return (
    <figure class="plot" ref={ref}>
      <figcaption>
        <h3>
          {title}{' '}
          <span class="quiet">{minute === null ? lastHour(form) : `at ${clockMinute(from + minute * MINUTE_MS)}`}</span>
        </h3>
        {!isEmpty && (
          <ul class="legend">
            {rows.map((row, look) => (
              <li key={row.name}>
                <Swatch look={look} form={form} />
                <bdi>{row.name}</bdi>
                <span class="number">{say(minute === null ? total(row) : (row.counts[minute] ?? 0))}</span>
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      {isEmpty ? (
        <p class="quiet empty-plot">{nothing}</p>
      ) : (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${title}, last hour: ${rows.map((row) => `${row.name} ${say(total(row))}`).join(', ')}`}
          onPointerMove={point}
          onPointerLeave={() => (pointed.value = null)}
        >
          {[0, top / 2, top].map((value) => (
            <g key={value} class="axis">
              <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} />
              <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
                {say(value)}
              </text>
            </g>
          ))}
          {[0, 15, 30, 45].map((each) => (
            <text key={each} class="axis" x={LEFT + each * step} y={HEIGHT - 4}>
              {clockMinute(from + each * MINUTE_MS)}
            </text>
          ))}
          {minute !== null && (
            <rect class="pointed" x={LEFT + minute * step} y={TOP} width={step} height={FLOOR - TOP} />
          )}
          {form === 'bars' ? <Bars rows={rows} step={step} y={y} /> : <Lines rows={rows} step={step} y={y} />}
        </svg>
      )}
      {!isEmpty && <Numbers title={title} from={from} rows={rows} say={say} />}
    </figure>
  );
}

interface MarksProps {
  readonly rows: readonly Row[];
  readonly step: number;
  readonly y: (value: number) => number;
}

function Bars({ rows, step, y }: MarksProps) {
  const gap = step > 4 ? 1 : 0.5;
  const bars: ComponentChildren[] = [];
  for (let minute = 0; minute < MINUTES; minute += 1) {
    let below = 0;
    rows.forEach(({ counts }, look) => {
      const count = counts[minute] ?? 0;
      if (count === 0) return;
      const [bottom, end] = [y(below), y(below + count)];
      below += count;
      bars.push(
        <rect
          key={`${minute} ${look}`}
          x={LEFT + minute * step + gap / 2}
          y={end}
          width={step - gap}
          height={Math.max(bottom - end, 1)}
          fill={`url(#look-${look})`}
        />,
      );
    });
  }
  return <g>{bars}</g>;
}

/** A minute without anything is a gap. */
function Lines({ rows, step, y }: MarksProps) {
  return (
    <g>
      {rows.map(({ name, counts }, look) => {
        let isDrawing = false;
        const path = counts.map((value, minute) => {
          const to = isDrawing ? 'L' : 'M';
          isDrawing = value > 0;
          const x = LEFT + (minute + 0.5) * step;
          if (value === 0) return '';
          // A minute alone between two gaps is a dash that can be seen.
          const isAlone = to === 'M' && (counts[minute + 1] ?? 0) === 0;
          return `${to}${(isAlone ? x - 3 : x).toFixed(1)} ${y(value).toFixed(1)}${isAlone ? 'h6' : ''}`;
        });
        return <path key={name} class={`line look-${look}`} d={path.join('')} />;
      })}
    </g>
  );
}

function Swatch({ look, form }: { readonly look: number; readonly form: PlotProps['form'] }) {
  return (
    <svg width="16" height="12" aria-hidden="true">
      {form === 'bars' ? (
        <rect width="16" height="12" rx="2" fill={`url(#look-${look})`} />
      ) : (
        <path class={`line look-${look}`} d="M0 6h16" />
      )}
    </svg>
  );
}

function Numbers({ title, from, rows, say }: Required<Pick<PlotProps, 'title' | 'from' | 'rows' | 'say'>>) {
  const isOpen = useSignal(false);
  return (
    <details class="numbers" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>
        Numbers<span class="hidden"> of {title}</span>
      </summary>
      {isOpen.value && (
        <ScrollTable
          label={`Numbers of ${title}`}
          look=""
          columns={['Minute', ...rows.map(({ name }) => <bdi key={name}>{name}</bdi>)]}
        >
          {EACH_MINUTE.map((minute) => (
            <tr key={minute}>
              <th scope="row">{clockMinute(from + minute * MINUTE_MS)}</th>
              {rows.map(({ name, counts }) => (
                <td key={name} class="number">
                  {say(counts[minute] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </ScrollTable>
      )}
    </details>
  );
}

/** What bars are filled with: once on the page. */
export function Patterns() {
  const marks = ['', 'M-1 5 5-1M3 9 9 3', 'M2 2h2v2H2zM6 6h2v2H6z', 'M0 2h8M0 6h8', 'M0 0l8 8M8 0 0 8', 'M2 0v8M6 0v8'];
  return (
    <svg class="hidden" aria-hidden="true">
      <defs>
        {marks.map((mark, look) => (
          <pattern key={mark} id={`look-${look}`} width="8" height="8" patternUnits="userSpaceOnUse">
            <rect class={`look-${look}`} width="8" height="8" />
            <path class="mark" d={mark} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

/** As many rows as can be told apart: the first, and all others as one. */
export function mostRows(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= MOST_ROWS) return rows;
  const others = rows.slice(MOST_ROWS - 1);
  const counts = EACH_MINUTE.map((minute) => sum(others.map((row) => row.counts[minute] ?? 0)));
  return [...rows.slice(0, MOST_ROWS - 1), { name: `${others.length} more`, counts }];
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const lastHour = (form: PlotProps['form']): string =>
  form === 'bars' ? 'in the last hour' : 'at most, in the last hour';

function highest(rows: readonly Row[], form: PlotProps['form']): number {
  const minutes = EACH_MINUTE.map((minute) => rows.map(({ counts }) => counts[minute] ?? 0));
  return Math.max(...minutes.map((values) => (form === 'bars' ? sum(values) : Math.max(...values))));
}

/** @returns the next of 2, 4, 10, 20, 40, 100 …: half of it is a whole number, too */
function niceTop(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [2, 4, 10, 20].map((each) => each * unit).find((each) => each >= value) ?? value;
}
