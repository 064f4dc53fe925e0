import { isDeepStrictEqual } from 'node:util';

/**
 * What the official resource's documentation says that events do, written from its description (with the faults of its code taken
 * out) and from nothing in src: which of its events are triggered, in which order, and what is known afterwards.
 */
export type Model = ReturnType<typeof createEventModel>;

interface ModelUnit {
  readonly id: number;
  status: number;
  isPanic: boolean;
  isDispatch: boolean;
  group: string;
  players: number[];
}

interface ModelCall {
  readonly id: number;
  type: 'CALL_NEW' | 'CALL_EDIT' | 'CALL_CLOSE';
  status: number;
  priority: number;
  title: string;
  idents: number[];
  notes: string[];
  metaData: unknown;
}

type Triggered = unknown[];
// biome-ignore lint/suspicious/noExplicitAny: the events are of many shapes, each made by the test itself
type Data = any;

/** @param players the identifiers of those on the server, with their prefixes */
export function createEventModel(players: Readonly<Record<number, readonly string[]>>) {
  const units = new Map<number, ModelUnit>();
  const calls = new Map<number, ModelCall>();
  /** What was said of calls that nothing has introduced. */
  const early = new Map<number, { idents: number[]; notes: string[] }>();
  /** The same of units: an update that introduces one has all of it, so that only the login's order matters. */
  const emergencies = new Map<number, { id: number; caller: string; metaData: unknown }>();

  const bare = (identity: string) => identity.slice(identity.indexOf(':') + 1);
  const playersWith = (identity: string): number[] =>
    Object.entries(players)
      .filter(([, own]) => identity !== '' && own.some((each) => each === identity || bare(each) === identity))
      .map(([source]) => Number(source));

  const asUnit = ({ id, status }: ModelUnit) => `unit ${id} status ${status}`;
  const asCall = ({ id, type }: ModelCall) => `call ${id} ${type}`;
  const knownUnits = (idents: readonly number[]) =>
    [...new Set(idents)].map((id) => units.get(id)).filter((unit) => unit !== undefined);
  const left = (unit: ModelUnit, sources: readonly number[]) =>
    sources.map((source): Triggered => ['core:RemovePlayer', String(source), asUnit(unit)]);
  const joined = (unit: ModelUnit, sources: readonly number[]) =>
    sources.map((source): Triggered => ['core:AddPlayer', String(source), asUnit(unit)]);

  function unitFrom({ id, status, isPanic, data }: Data, isDispatch: boolean): ModelUnit {
    const own = playersWith(data.communityUserId);
    return { id, status, isPanic, isDispatch, group: data.group, players: own };
  }

  function callFrom(given: Data, type: ModelCall['type']): ModelCall {
    const { callId: id, status, priority, title, notes, idents, metaData } = given;
    const texts = notes === '' ? [] : notes.map(({ content }: { content: string }) => content);
    return { id, type, status, priority, title, idents: [...idents], notes: texts, metaData };
  }

  /** Takes a call. @returns that the cache holds something else, if it does */
  function cached(call: ModelCall): Triggered[] {
    const before = calls.get(call.id);
    calls.set(call.id, call);
    return before !== undefined && isDeepStrictEqual(before, call) ? [] : [['CallCacheUpdated']];
  }

  const handlers: Readonly<Record<string, (data: Data) => Triggered[]>> = {
    EVENT_UNIT_LOGIN({ unit, isDispatch }) {
      const before = units.get(unit.id);
      const now = unitFrom(unit, isDispatch);
      units.set(unit.id, now);
      const gone = before?.players.filter((source) => !now.players.includes(source)) ?? [];
      return [['UnitLogin', asUnit(now)], ...left(now, gone), ...joined(now, now.players)];
    },
    EVENT_UNIT_LOGOUT({ identId }) {
      const unit = units.get(identId);
      units.delete(identId);
      return [['UnitLogout', identId], ...(unit === undefined ? [] : left(unit, unit.players))];
    },
    EVENT_UNIT_STATUS({ identIds, status }) {
      return knownUnits(identIds).flatMap((unit) => {
        unit.status = status;
        return [
          ['UnitUpdate', asUnit(unit), status],
          ['UnitStatusUpdate', asUnit(unit), status],
        ];
      });
    },
    EVENT_UNIT_UPDATE({ units: given }) {
      const updates: Triggered[] = [];
      const goings: Triggered[] = [];
      const comings: Triggered[] = [];
      for (const each of given) {
        const before = units.get(each.id);
        const now = unitFrom(each, before?.isDispatch ?? false);
        units.set(each.id, now);
        updates.push(['UnitUpdate', asUnit(now), now.status]);
        if (before !== undefined && before.status !== now.status)
          updates.push(['UnitStatusUpdate', asUnit(now), now.status]);
        const old = before?.players ?? [];
        goings.push(
          ...left(
            now,
            old.filter((source) => !now.players.includes(source)),
          ),
        );
        comings.push(
          ...joined(
            now,
            now.players.filter((source) => !old.includes(source)),
          ),
        );
      }
      return [...updates, ...goings, ...comings];
    },
    EVENT_UNIT_PANIC({ identIds, isPanic }) {
      return knownUnits(identIds).map((unit) => {
        unit.isPanic = isPanic;
        return ['UnitPanic', asUnit(unit), unit.id, isPanic];
      });
    },
    EVENT_UNIT_GROUP_ADD({ identId, groupName }) {
      for (const unit of knownUnits([identId])) unit.group = groupName;
      return [['UnitGroupAdd', 'data']];
    },
    EVENT_UNIT_GROUP_REMOVE({ identId, groupName }) {
      for (const unit of knownUnits([identId])) if (unit.group === groupName) unit.group = '';
      return [['UnitGroupRemove', 'data']];
    },
    EVENT_UNIT_GROUP_CHANGE_NAME({ identIds, newName }) {
      for (const unit of knownUnits(identIds)) unit.group = newName;
      return [['UnitGroupRename', 'data']];
    },
    EVENT_DISPATCH_NEW({ dispatch }) {
      const call = callFrom(dispatch, 'CALL_NEW');
      const said = calls.has(call.id) ? undefined : early.get(call.id);
      if (said !== undefined) {
        call.idents = [...new Set([...call.idents, ...said.idents])];
        call.notes = [...said.notes, ...call.notes];
      }
      early.delete(call.id);
      const attached = call.idents.flatMap((ident) => units.get(ident) ?? []);
      return [
        ...cached(call),
        ['DispatchEvent', asCall(call)],
        ...attached.map((unit) => ['UnitAttach', asCall(call), asUnit(unit)]),
      ];
    },
    EVENT_DISPATCH_EDIT({ dispatch }) {
      const before = calls.get(dispatch.callId);
      const call = callFrom(dispatch, 'CALL_EDIT');
      early.delete(call.id);
      return [
        ['DispatchEdit', before === undefined ? null : asCall(before), 'data'],
        ...cached(call),
        ['DispatchEvent', asCall(call)],
      ];
    },
    EVENT_DISPATCH_CLOSED({ callIds }) {
      return [...new Set<number>(callIds)].flatMap((id) => {
        const call = calls.get(id);
        early.delete(id);
        if (call === undefined) return [];
        const closed: ModelCall = { ...call, type: 'CALL_CLOSE', status: 2 };
        return [...cached(closed), ['DispatchEvent', asCall(closed)]];
      });
    },
    EVENT_DISPATCH_NOTE({ callId, note }) {
      const call = calls.get(callId);
      const told: Triggered = ['DispatchNote', call === undefined ? null : asCall(call), `of ${callId}`];
      if (call === undefined) {
        const said = early.get(callId) ?? { idents: [], notes: [] };
        early.set(callId, { ...said, notes: [note.content, ...said.notes] });
        return [told];
      }
      call.notes = [note.content, ...call.notes];
      call.type = 'CALL_EDIT';
      return [told, ['CallCacheUpdated']];
    },
    EVENT_DISPATCH_UNIT_ATTACH({ callId, idents }) {
      return assigned('UnitAttach', callId, idents, (attached) => [...new Set([...attached, ...idents])]);
    },
    EVENT_DISPATCH_UNIT_DETACH({ callId, ident }) {
      return assigned('UnitDetach', callId, [ident], (attached) => attached.filter((each) => each !== ident));
    },
    EVENT_911({ call, metaData }) {
      emergencies.set(call.callId, { id: call.callId, caller: call.caller, metaData });
      return [
        ['EmergencyCacheUpdated'],
        ['IncomingCadCall', `of ${call.callId}`, metaData === undefined ? null : 'data', []],
      ];
    },
    EVENT_REMOVE_911({ callIds }) {
      for (const id of callIds) emergencies.delete(id);
      return callIds.flatMap((id: number) => [['EmergencyCacheUpdated'], ['CadCallRemoved', id]]);
    },
    EVENT_TONE: () => [['Tone', 'data']],
    EVENT_RECORD_ADD: () => [['RecordAdded', 'data']],
    EVENT_PAGER_REBORN: () => [['OtherEvent', 'EVENT_PAGER_REBORN', 'data']],
  };

  /** Units come to a call or go: first they are told of with the call as it was, each, then the cache is another one for each. */
  function assigned(name: string, callId: number, idents: readonly number[], change: (idents: number[]) => number[]) {
    const call = calls.get(callId);
    if (call === undefined) {
      const said = early.get(callId);
      const changed = change(said?.idents ?? []);
      if (said !== undefined || name === 'UnitAttach') early.set(callId, { notes: said?.notes ?? [], idents: changed });
      return [];
    }
    const told = idents.flatMap((ident) => units.get(ident) ?? []).map((unit) => [name, asCall(call), asUnit(unit)]);
    const before = call.idents;
    call.idents = change(before);
    const count = Math.abs(call.idents.length - before.length);
    if (count > 0) call.type = 'CALL_EDIT';
    return [...told, ...Array.from({ length: count }, (): Triggered => ['CallCacheUpdated'])];
  }

  return {
    /** Takes an event. @returns what is triggered for it */
    take: (type: string, data: Data): Triggered[] => structuredClone(handlers[type]?.(data) ?? []),
    /** What is known now; a copy. */
    known: () =>
      structuredClone({
        units: [...units.values()],
        calls: [...calls.values()].sort((one, other) => one.id - other.id),
        emergencies: [...emergencies.values()],
      }),
  };
}
