import { signal } from '@preact/signals';
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
