import { STATUS_CODES } from 'node:http';

// Where FXServer says something else than Node.
const OLDER_WORDING: Readonly<Record<number, string>> = {
  408: 'Request Time-out',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  416: 'Requested Range not Satisfiable',
  504: 'Gateway Time-out',
  505: 'HTTP Version not Supported',
};

const KNOWN: ReadonlyArray<readonly [first: number, last: number]> = [
  [100, 101],
  [200, 206],
  [300, 305],
  [307, 307],
  [400, 417],
  [422, 422],
  [429, 429],
  [500, 505],
];

/** The words after the status code; empty for codes that FXServer has none for, such as 308, 418 or 451. */
export function reasonPhrase(status: number): string {
  if (!KNOWN.some(([first, last]) => status >= first && status <= last)) return '';
  return OLDER_WORDING[status] ?? STATUS_CODES[status] ?? '';
}
