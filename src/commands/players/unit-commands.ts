import type { ApiResult } from '../../cad/api/results.ts';
import { CLOSED_CALL } from '../../events/catalogue/calls.ts';
import { identitiesOfUnit } from '../../events/catalogue/units.ts';
import { locales } from '../../notify/settings.ts';
import { fillTemplate } from '../../notify/texts.ts';
import { answerPlayer, createRequestLimits, type PlayerParts } from './player-requests.ts';

const MAX_NOTE = 500;
const MOST_EACH = 6;
const MOST_IN_ALL = 60;

/**
 * `respond` and `note` for units on duty.
 *
 * @returns takes the words after the command's name, and shows the player the answer, now or when the CAD has answered; gives
 *   false when the first word is none of these commands
 */
export function createUnitCommands(
  parts: Pick<PlayerParts, 'config' | 'state' | 'audience' | 'texts' | 'tell' | 'emit' | 'clock' | 'log'> & {
    readonly desk: UnitDesk;
  },
): (source: number, words: readonly string[]) => boolean {
  const { desk, state, config, texts } = parts;
  const settings = () => config().unitCommands;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, parts.clock);
  /** 911 calls that a unit is answering: a second dispatch call for one would send two units to it. */
  const beingAnswered = new Set<number>();

  function respond(source: number, ident: number, [word, ...rest]: readonly string[]): string | Promise<string> {
    const callId = Number(word);
    if (!/^\d{1,10}$/.test(word ?? '') || rest.length > 0) return fillTemplate(texts().respondUsage, settings());
    if (!settings().respondWhileDispatcherOnline && state.isDispatcherOnline()) return texts().dispatcherDecides;
    const open = state.getCall(callId);
    if (open !== undefined && open.status !== CLOSED_CALL) {
      if (open.idents.includes(ident)) return fillTemplate(texts().alreadyAttached, { callId });
      return desk.attach(callId, ident).then((result) => outcome(result, texts().responding, callId));
    }
    if (state.getEmergencyCall(callId) === undefined) return fillTemplate(texts().noSuchCall, { callId });
    if (beingAnswered.has(callId)) return fillTemplate(texts().beingAnswered, { callId });
    beingAnswered.add(callId);
    return desk
      .answer(callId, ident)
      .then((result) => {
        if (result.ok) parts.emit('SonoranCAD::dispatchnotify:UnitRespond', source, result.data.callId);
        return outcome(result, texts().responding, result.ok ? result.data.callId : callId);
      })
      .finally(() => beingAnswered.delete(callId));
  }

  function note(ident: number, words: readonly string[]): string | Promise<string> {
    const text = words.join(' ').trim().slice(0, MAX_NOTE).toWellFormed();
    if (text === '') return fillTemplate(texts().noteUsage, settings());
    const callId = state.callsOfUnit(ident).at(-1);
    if (callId === undefined) return texts().notAttached;
    return desk.note(callId, text, labelOf(ident)).then((result) => outcome(result, texts().noted, callId));
  }

  function labelOf(ident: number): string {
    const data = state.getUnit(ident)?.data;
    return data?.unitNum || data?.name || String(ident);
  }

  const outcome = (result: ApiResult<unknown>, done: string, callId: number): string =>
    fillTemplate(result.ok ? done : texts().refused, { callId });

  function answer(source: number, word: string, rest: readonly string[]): string | Promise<string> {
    const ident = state.unitOfPlayer(source)?.id;
    if (ident === undefined || !parts.audience.onDuty().includes(source)) return texts().notOnDuty;
    return word === settings().respond ? respond(source, ident, rest) : note(ident, rest);
  }

  return (source, [first = '', ...rest]) => {
    const word = first.toLowerCase();
    if (word !== settings().respond && word !== settings().note) return false;
    answerPlayer(source, limits, () => answer(source, word, rest), parts);
    return true;
  };
}

const FROM_CALLER = 0;
const ACTIVE = 1;
const MIDDLE_PRIORITY = 2;

type UnitDesk = ReturnType<typeof createUnitDesk>;

/** Makes what units ask for by commands into requests to the CAD. */
export function createUnitDesk({ request, state, config, log }: PlayerParts) {
  /** By which the CAD knows a unit when a call is made: it takes no idents there. */
  function selectorOf(ident: number): { accounts: string[] } | { communityUserIds: string[] } {
    const unit = state.getUnit(ident);
    if (unit === undefined) return { communityUserIds: [] };
    return unit.accId === '' ? { communityUserIds: identitiesOfUnit(unit).slice(0, 1) } : { accounts: [unit.accId] };
  }

  return {
    attach: (callId: number, ident: number): Promise<ApiResult<unknown>> =>
      request('attachUnits', { callId, identIds: [ident] }),
    note: (callId: number, note: string, label: string): Promise<ApiResult<unknown>> =>
      request('addNote', { callId, note, label }),
    /** Makes a dispatch call of a 911 call, with the unit attached, and removes the 911 call. */
    async answer(callId: number, ident: number): Promise<ApiResult<{ readonly callId: number }>> {
      const call = state.getEmergencyCall(callId);
      const made = await request('createDispatch', {
        origin: FROM_CALLER,
        status: ACTIVE,
        priority: MIDDLE_PRIORITY,
        title: locales[config().locale].callTitles[call?.isEmergency === false ? '311' : '911'],
        address: call?.location ?? '',
        postal: call?.metaData?.postal ?? '',
        description: call?.description ?? '',
        metaData: { ...textsOf(call?.metaData ?? {}), createdFromId: String(callId) },
        ...selectorOf(ident),
      });
      if (!made.ok) return made;
      const { idents } = made.data;
      if (!Array.isArray(idents) || !idents.includes(ident)) {
        const attached = await request('attachUnits', { callId: made.data.callId, identIds: [ident] });
        if (!attached.ok) return attached;
      }
      const removed = await request('remove911', { callId });
      if (!removed.ok) {
        log.coalesce({ reason: removed.error.message }).warn('A 911 call was answered but not removed.', { callId });
      }
      return made;
    },
  };
}

function textsOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
