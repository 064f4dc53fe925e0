import { judgeValue } from '../schemas/judge-value.ts';
import { reasonOf } from '../text/reason-of.ts';
import { findEntry } from './catalogue/catalogue.ts';
import type { CatalogueEntry } from './catalogue/entry.ts';
import { type QuickParser, quickParser, UNFIT } from './catalogue/quick-parser.ts';
import { readObject } from './catalogue/read-values.ts';
import { describeIssues, describeValue } from './describe-issues.ts';

export type Normalised =
  | { readonly data: unknown; readonly valid: true }
  | {
      /** As received, except that a lone entry is taken out of its list. */
      readonly data: unknown;
      readonly valid: false;
      /** At most 10 reasons, for people: `data.dispatch.callId: expected a number, got text "abc"`. */
      readonly issues: string[];
      /** What went wrong here, when the data may be as it should; it may quote anything of the data. */
      readonly fault?: string;
    };

const UNREADABLE = 'data: expected fields of the documented types, got some of unreadable ones';
const OWN_FAULT = 'data: not looked at, through a fault of sonorancad itself';

/**
 * Brings the data of an event into the canonical shape of its type, whatever shape the CAD sent. Never throws, leaves
 * `body` as it is; parts that need no change may be shared with it. Data of an unknown type stays as received, but for a list of one.
 *
 * @param type upper-cased
 * @param body the envelope, with or without its key
 */
export function normalise(type: string, body: Readonly<Record<string, unknown>>): Normalised {
  const data = unwrapData(body.data);
  const entry = findEntry(type);
  if (entry === undefined) return { data, valid: true };
  try {
    return understand(entry, data, body);
  } catch (error) {
    // No event is to be lost by what was forgotten here.
    return { data, valid: false, issues: [OWN_FAULT], fault: reasonOf(error) };
  }
}

function understand(entry: CatalogueEntry, data: unknown, body: Readonly<Record<string, unknown>>): Normalised {
  const fields = readObject(data);
  if (fields === undefined && !entry.dataOptional) {
    return { data, valid: false, issues: [`data: expected an object, got ${describeValue(body.data)}`] };
  }
  const canonical = entry.canonicalise(fields ?? {}, body);
  const quick = parserOf(entry)(canonical);
  if (quick !== UNFIT) return { data: quick, valid: true };
  const judgement = judgeValue(entry.schema(), canonical);
  if (judgement.accepted) return { data: judgement.value, valid: true };
  const issues = judgement.issues.length === 0 ? [UNREADABLE] : describeIssues(judgement.issues, canonical);
  return { data, valid: false, issues };
}

const parsers = new Map<CatalogueEntry, QuickParser>();

/** Made when it is asked for, so that the start is not held up; `prepare-types.ts` asks before the first event of the type does. */
export function parserOf(entry: CatalogueEntry): QuickParser {
  const known = parsers.get(entry);
  if (known !== undefined) return known;
  let parser: QuickParser = () => UNFIT;
  try {
    parser = quickParser(entry.schema());
  } catch (error) {
    // No code from text here: the schema itself does. Whatever else it is, it is told once.
    parsers.set(entry, parser);
    if ((error as Error).name !== 'EvalError') throw error;
  }
  parsers.set(entry, parser);
  return parser;
}

/** The documentation shows `data` as a list with one entry, which the CAD does not always send. */
export function unwrapData(data: unknown): unknown {
  const value: unknown = Array.isArray(data) && data.length === 1 ? data[0] : data;
  return value ?? null;
}
