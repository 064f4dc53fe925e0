import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { DeadLetterList, DeadLetterView } from '../api-types.ts';
import { askAndDo } from './elements/ask-and-tell.tsx';
import { Choice, Icon, ScrollTable, SearchBox } from './elements/controls.tsx';
import { bytes, counted, dateAndTime, grouped } from './elements/format.ts';
import type { Session } from './session.ts';

const TYPED_MS = 300;

interface DeadLettersProps {
  readonly session: Session;
  /** How many there are; the list is asked for again when that changes. */
  readonly count: number;
  /** Targets that may have some. */
  readonly targets: readonly string[];
  /** Targets that can get them. */
  readonly configured: readonly string[];
  readonly changed: () => void;
}

/** What was given up on: filtered, replayed and dropped, one by one or all that the filter shows. */
export function DeadLetters({ session: { api }, count, targets, configured, changed }: DeadLettersProps) {
  const target = useSignal('');
  const text = useSignal('');
  const list = useSignal<DeadLetterList | null>(null);
  const failure = useSignal<string | null>(null);
  const asked = useSignal(0);
  /** How many of the newest were searched before. */
  const skip = useSignal(0);
  const narrowing = { target: target.value || undefined, text: text.value.trim() || undefined };
  const filter = { ...narrowing, skip: skip.value > 0 ? String(skip.value) : undefined };

  useEffect(() => {
    skip.value = 0;
  }, [narrowing.target, narrowing.text]);

  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(
      () => {
        api.ask<DeadLetterList>('dead-letters', filter).then(
          (answer) => {
            if (!isCurrent) return;
            list.value = answer;
            failure.value = null;
          },
          (error: Error) => {
            if (isCurrent) failure.value = error.message;
          },
        );
      },
      list.value === null ? 0 : TYPED_MS,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [filter.target, filter.text, filter.skip, count, asked.value, api]);

  const done = () => {
    asked.value += 1;
    changed();
  };
  const { deadLetters = [], matching = 0, searched = 0, older = 0, total = count } = list.value ?? {};
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const some = isFiltered ? `${counted(matching, 'dead letter')} that the filter shows` : counted(total, 'dead letter');
  const all = { ...filter, all: 'true' };

  if (count === 0 && total === 0)
    return (
      <section class="panel pad" tabIndex={-1} aria-label="Dead letters">
        <h2>Dead letters</h2>
        <p class="quiet">None. An event that could not be delivered is kept here, so that you can replay or drop it.</p>
      </section>
    );
  return (
    <section class="panel" tabIndex={-1} aria-label="Dead letters">
      <header class="pad section-head">
        <h2>
          Dead letters <span class="count">{grouped(total)}</span>
        </h2>
        <div class="filters">
          <Choice
            label="Target"
            value={target.value}
            all="All targets"
            options={targets.map((each) => [each, each])}
            choose={(chosen) => (target.value = chosen)}
          />
          <SearchBox label="Text in id, type or reason" placeholder="Id, type or reason" typed={text} />
          <LetterButton
            {...{ api, done, does: 'replay', which: all, isDisabled: matching === 0 }}
            title={`Replay ${some}?`}
            text="Each is sent to its own target again, behind what waits for it."
          >
            Replay {isFiltered ? grouped(matching) : 'all'}
          </LetterButton>
          <LetterButton
            {...{ api, done, does: 'drop', which: all, isDisabled: matching === 0 }}
            title={`Drop ${some}?`}
            text="No target will ever get what is dropped. This cannot be undone."
          >
            Drop {isFiltered ? grouped(matching) : 'all'}
          </LetterButton>
        </div>
      </header>
      {failure.value !== null && <p class="strip bad">{failure.value}</p>}
      {older + skip.value > 0 && (
        <div class="strip row">
          <span>
            {skip.value > 0 && `The newest ${grouped(skip.value)} are passed over. `}
            {older > 0 && `Not searched: ${counted(older, 'older one')}.`}
          </span>
          {older > 0 && (
            <button type="button" class="small" onClick={() => (skip.value = searched)}>
              Search those
            </button>
          )}
          {skip.value > 0 && (
            <button type="button" class="small" onClick={() => (skip.value = 0)}>
              From the newest
            </button>
          )}
        </div>
      )}
      {list.value !== null && deadLetters.length === 0 && <p class="quiet pad">None fits this filter.</p>}
      {deadLetters.length > 0 && (
        <ScrollTable
          label="List of dead letters"
          look="letters"
          columns={['Event', 'Target', 'Why', 'Given up', <span class="hidden">What can be done</span>]}
        >
          {deadLetters.map((letter) => (
            <Letter
              key={`${letter.target} ${letter.id}`}
              letter={letter}
              canReplay={configured.includes(letter.target)}
              api={api}
              done={done}
            />
          ))}
        </ScrollTable>
      )}
      {deadLetters.length < matching && (
        <p class="quiet pad">
          The newest {deadLetters.length} of {grouped(matching)} are listed.
        </p>
      )}
    </section>
  );
}

interface LetterButtonProps {
  readonly api: Session['api'];
  readonly does: 'replay' | 'drop';
  /** Parameters that say which dead letters. */
  readonly which: Parameters<Session['api']['act']>[1];
  /** What is asked first, and what will happen. */
  readonly title: string;
  readonly text: ComponentChildren;
  readonly done: () => void;
  readonly isDisabled?: boolean;
  /** In a row of the list; its name for screen readers, who hear it beside others. */
  readonly rowLabel?: string;
  readonly children: ComponentChildren;
}

/** Replays or drops dead letters, once the operator is sure. */
export function LetterButton(props: LetterButtonProps) {
  const { api, does, which, title, text, done, isDisabled, rowLabel, children } = props;
  const isGrave = does === 'drop';
  const question = { title, text, yes: isGrave ? 'Drop' : 'Replay', isGrave };
  const press = async ({ currentTarget }: MouseEvent) => {
    const panel = (currentTarget as Element).closest<HTMLElement>('.panel');
    if (!(await askAndDo(question, () => api.act(`dead-letters/${does}`, which)))) return;
    // The button goes with its dead letter, and must not take the focus with it.
    panel?.focus({ preventScroll: true });
    done();
  };
  const look = `${isGrave ? 'grave-quiet' : ''} ${rowLabel === undefined ? '' : 'small'}`;
  return (
    <button
      type="button"
      class={look}
      disabled={isDisabled}
      aria-label={rowLabel}
      onClick={(event) => void press(event)}
    >
      {rowLabel === undefined && <Icon name={isGrave ? 'trash' : 'play'} />} {children}
    </button>
  );
}

interface LetterProps extends Pick<LetterButtonProps, 'api' | 'done'> {
  readonly letter: DeadLetterView;
  readonly canReplay: boolean;
}

function Letter({ letter, canReplay, api, done }: LetterProps) {
  const { id, target, type, reason, diedAt, attempts, bytes: size } = letter;
  const name = <bdi>{type ?? 'an event that cannot be read'}</bdi>;
  const replayed = (
    <>
      {name} is sent to {target} again, behind what waits for it.
    </>
  );
  const dropped = (
    <>
      {target} will never get {name}. This cannot be undone.
    </>
  );
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
        <span class="quiet small-text">
          <code>{id}</code> · {bytes(size)}
        </span>
      </th>
      <td data-name="Target">
        <bdi>{target}</bdi>
      </td>
      <td data-name="Why">
        <bdi class="typed">{reason ?? '–'}</bdi>
        {attempts !== null && <span class="quiet small-text">{counted(attempts, 'attempt')}</span>}
      </td>
      <td data-name="Given up">{diedAt === null ? '–' : dateAndTime(diedAt)}</td>
      <td>
        <div class="row end">
          <LetterButton
            {...{ api, done, does: 'replay', which: { id, target }, isDisabled: !canReplay, text: replayed }}
            title="Replay it?"
            rowLabel={`Replay ${id} to ${target}`}
          >
            Replay
          </LetterButton>
          <LetterButton
            {...{ api, done, does: 'drop', which: { id, target }, text: dropped }}
            title="Drop it?"
            rowLabel={`Drop ${id} of ${target}`}
          >
            Drop
          </LetterButton>
        </div>
      </td>
    </tr>
  );
}
