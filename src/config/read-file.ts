import type { ConfigProblem } from './config-problem.ts';
import { findJsonFault } from './json-fault.ts';

/** The places of the file, the first that exists counts. The first is the official resource's. */
const CONFIG_FILES = ['configuration/config.json', 'config.json'] as const;

export type ConfigOrigin = (typeof CONFIG_FILES)[number] | 'none';

export interface ConfigFile {
  origin: ConfigOrigin;
  /** The file's top-level members; empty when there is no file or it cannot be understood */
  members: Map<string, unknown>;
  /** The text of a file that cannot be understood: secrets are somewhere in it */
  unreadable: string | null;
  /** The beginning of a sentence: that the file cannot be understood, and why */
  fault: string | null;
  problems: ConfigProblem[];
}

function parse(text: string): { value: unknown } | { reason: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The parser's message quotes the text around the fault, which may be the key: findJsonFault describes it instead.
    const fault = findJsonFault(text);
    if (fault === null) return { reason: 'it nests too deep' };
    return { reason: `line ${fault.line}, column ${fault.column}: ${fault.reason}` };
  }
}

/**
 * Reads the config file into its members.
 * @param readFile gives a file's text by its path inside the resource, null when there is none
 */
export function readConfigFile(readFile: (path: string) => string | null): ConfigFile {
  for (const origin of CONFIG_FILES) {
    const text = readFile(origin);
    if (text === null) continue;
    // Windows editors put a byte order mark in front.
    const parsed = parse(text.replace(/^\uFEFF/, ''));
    const reason =
      'reason' in parsed ? parsed.reason : 'it must hold one object, from { to }, with a member for each setting';
    const value = 'reason' in parsed ? null : parsed.value;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { origin, members: new Map(Object.entries(value)), unreadable: null, fault: null, problems: [] };
    }
    const fault = `${origin} cannot be read as JSON (${reason})`;
    const line = `${fault}: only convars and defaults count, and what the file may have switched off is off`;
    return { origin, members: new Map(), unreadable: text, fault, problems: [{ level: 'error', line }] };
  }
  const line = 'there is neither a config.json nor a configuration/config.json: only convars and defaults count';
  return { origin: 'none', members: new Map(), unreadable: null, fault: null, problems: [{ level: 'warn', line }] };
}
