import { tell } from './notice.tsx';

/** Puts a text into the clipboard, and says so. @param what begins the sentence */
export async function copy(what: string, text: string): Promise<void> {
  try {
    // Browsers give a clipboard only to pages that came by https or from this machine.
    if (window.isSecureContext) await navigator.clipboard.writeText(text);
    else copySelected(text);
    tell(`${what} is in your clipboard.`);
  } catch {
    tell('Your browser did not let the page copy it.', true);
  }
}

/** What there was before `navigator.clipboard`, and what browsers still offer everywhere. */
function copySelected(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'hidden';
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!isCopied) throw new Error('not copied');
}
