import { keepLatest } from './connected-players.ts';
import { decodeList, isFunctionReference } from './msgpack.ts';

/** A call of an export, from one resource to another. */
export interface ExportCall {
  /** The resource that called. */
  readonly caller: string;
  /** The resource whose export it is. */
  readonly resource: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Records which exports resources call. */
export type ExportCalls = ReturnType<typeof createExportCalls>;

const LOOKUP = '__cfx_export_';

/**
 * A script looks an export up by triggering the event `__cfx_export_<resource>_<name>` with a callback, which the
 * exporter calls with the function. From then on the script calls that function by its reference, which is how a call
 * is recognised.
 */
export function createExportCalls() {
  const calls: ExportCall[] = [];
  /** Lookups in progress: the reference of their callback, and the event. */
  const lookups = new Map<string, string>();
  /** Known exports by their function reference. */
  const exported = new Map<string, Pick<ExportCall, 'resource' | 'name'>>();

  return {
    calls: calls as readonly ExportCall[],
    /** Runs a local event, and notices the export that it looks up. */
    during<T>(event: string, payload: Uint8Array, run: () => T): T {
      const [callback] = event.startsWith(LOOKUP) ? decodeList(payload) : [];
      if (!isFunctionReference(callback)) return run();
      lookups.set(callback.functionReference, event);
      try {
        return run();
      } finally {
        lookups.delete(callback.functionReference);
      }
    },
    /** Notes that a resource calls a function of another one. */
    called(caller: string, ref: string, args: Uint8Array): void {
      const lookup = lookups.get(ref);
      const known = exported.get(ref);
      if (lookup !== undefined) {
        const [callback] = decodeList(args);
        const name = lookup.slice(LOOKUP.length).replace(`${caller}_`, '');
        if (isFunctionReference(callback)) exported.set(callback.functionReference, { resource: caller, name });
      } else if (known !== undefined) {
        keepLatest(calls, { caller, ...known, args: decodeList(args) });
      }
    },
    /** Notes that a function has another reference now. */
    duplicated(ref: string, duplicate: string): void {
      const known = exported.get(ref);
      if (known !== undefined) exported.set(duplicate, known);
    },
  };
}
