/** A function of a script or of the host, as it crosses: its name in a msgpack extension. */
export interface FunctionReference {
  readonly functionReference: string;
}

/** Extension types that FXServer reads as functions; it writes the first. */
export const FUNCREF = 10;
export const LOCAL_FUNCREF = 11;

/** Whether a value from msgpack is a function of somebody. */
export function isFunctionReference(value: unknown): value is FunctionReference {
  return typeof value === 'object' && value !== null && 'functionReference' in value;
}
