import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Done } from '../../api-types.ts';

const STAYS_MS = 6_000;

const notice = signal<{ readonly text: string; readonly isBad: boolean } | null>(null);
let timer = 0;

/** Tells what came of something that the operator did. */
export function tell(text: string, isBad = false): void {
  notice.value = { text, isBad };
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice.value = null;
  }, STAYS_MS);
}

/** Does something, and tells what came of it. @returns whether it was done */
export async function doAndTell(act: () => Promise<Done>): Promise<boolean> {
  try {
    tell((await act()).message);
    return true;
  } catch (error) {
    tell((error as Error).message, true);
    return false;
  }
}

/** The place where it is told, once on the page. */
export function Notice() {
  const told = notice.value;
  return (
    <div class="notices" role="status">
      {told !== null && <p class={told.isBad ? 'notice bad' : 'notice'}>{told.text}</p>}
    </div>
  );
}

/** What is to be done if the operator is sure. */
interface Asked {
  readonly title: string;
  /** What will happen. */
  readonly text: ComponentChildren;
  /** On the button that does it. */
  readonly yes: string;
  /** Whether it cannot be undone. */
  readonly isGrave?: boolean;
}

interface Question extends Asked {
  readonly answer: (isSure: boolean) => void;
}

const question = signal<Question | null>(null);

/** Asks whether the operator is sure. */
function askFirst(asked: Asked): Promise<boolean> {
  question.peek()?.answer(false);
  return new Promise((resolve) => {
    question.value = { ...asked, answer: resolve };
  });
}

/** Does something if the operator is sure, and tells what came of it. @returns whether it was done */
export async function askAndDo(asked: Asked, act: () => Promise<Done>): Promise<boolean> {
  return (await askFirst(asked)) && doAndTell(act);
}

/** The place where it is asked, once on the page. */
export function AskFirst() {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = question.value;
  useEffect(() => {
    if (asked !== null) dialog.current?.showModal();
  }, [asked]);
  if (asked === null) return null;
  const answer = (isSure: boolean) => {
    if (question.peek() !== asked) return;
    dialog.current?.close();
    question.value = null;
    asked.answer(isSure);
  };
  return (
    <dialog
      ref={dialog}
      class="ask"
      aria-labelledby="ask-title"
      aria-describedby="ask-text"
      onClose={() => answer(false)}
    >
      <h2 id="ask-title">{asked.title}</h2>
      <p id="ask-text" class="typed">
        {asked.text}
      </p>
      <div class="row end">
        <button type="button" onClick={() => answer(false)}>
          Cancel
        </button>
        <button type="button" class={asked.isGrave ? 'grave' : 'main'} onClick={() => answer(true)}>
          {asked.yes}
        </button>
      </div>
    </dialog>
  );
}
