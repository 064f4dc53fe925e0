import type * as v from 'valibot';

/**
 * How a value is written: decides what a convar's text is turned into before the schema sees it, and which liberties
 * the file has. `json` is for lists and objects: one line of bare JSON in a convar.
 */
export type ConfigForm = 'text' | 'boolean' | 'number' | 'json';

/** All there is to know about one key of config.json. */
export interface ConfigKey<S extends v.GenericSchema = v.GenericSchema> {
  form: ConfigForm;
  schema: S;
  /** Holds when the key is unset or its value is refused. */
  default: v.InferOutput<S>;
  /** One sentence for the README's table. Only the documents have it: the build leaves it out (leave-out-descriptions.ts). */
  description: string;
  /** Ends the sentence "expected …" in the line about a bad value. */
  expected: string;
  /** The same for a fault inside the value, at a path of names and indices. */
  expectedAt?: (path: readonly PropertyKey[]) => string | undefined;
  /** The names that the members of the value may have, where its schema does not list them. */
  members?: () => readonly string[];
  /**
   * Holds when the value is refused, and while the file cannot be read: where the default would do what the operator may
   * have switched off.
   */
  whenRefused?: v.InferOutput<S>;
  /** What a bad value leads to; without it the line names the default. */
  otherwise?: string;
  /** The version that brought the key. Left out of the build like the description. */
  since: string;
  /** Its value is never shown. */
  secret?: true;
}

/** For the inference of the schema's output in the other members. */
export const key = <const S extends v.GenericSchema>(entry: ConfigKey<S>): ConfigKey<S> => entry;
