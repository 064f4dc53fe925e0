import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What is to be done if the operator is sure. */
interface Question {
  readonly title: string;
  /** What will happen. */
  readonly text: ComponentChildren;
  /** On the button that does it. */
  readonly yes: string;
  /** Whether it cannot be undone. */
  readonly isGrave?: boolean;
  readonly answer: (isSure: boolean) => void;
}

const question = signal<Question | null>(null);

/** Asks whether the operator is sure. */
export function askFirst(asked: Omit<Question, 'answer'>): Promise<boolean> {
  question.peek()?.answer(false);
  return new Promise((resolve) => {
    question.value = { ...asked, answer: resolve };
  });
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
