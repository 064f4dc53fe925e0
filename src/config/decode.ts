import type { ConfigForm } from './config-key.ts';

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Stays a text, which no list or object schema accepts: the line about it says what is expected.
    return text;
  }
}

/**
 * Turns a value as written into what a key's schema takes. Whatever cannot be turned is given back unchanged.
 * @param from convars are texts throughout; in a file a list is a list already
 * @returns undefined when the value says that nothing is set: null, or blank where a text cannot be blank
 */
export function decode(value: unknown, form: ConfigForm, from: 'file' | 'convar'): unknown {
  if (value === null) return undefined;
  if (typeof value === 'string') {
    const bare = value.trim();
    if (bare === '') return undefined;
    if (form === 'boolean') {
      const word = bare.toLowerCase();
      if (word === 'true' || word === '1') return true;
      if (word === 'false' || word === '0') return false;
    }
    if (form === 'number' && DECIMAL.test(bare)) return Number(bare);
    if (form === 'json' && from === 'convar') return decodeJson(bare);
    return value;
  }
  if (form === 'boolean' && (value === 0 || value === 1)) return value === 1;
  // An id written without quotes; beyond 2^53 its digits are lost already.
  if (form === 'text' && Number.isSafeInteger(value)) return String(value);
  return value;
}
