import type { ApiResult } from '../../cad/api/results.ts';
import { CLOSED_CALL } from '../../events/catalogue/calls.ts';
import { identitiesOfUnit } from '../../events/catalogue/units.ts';
import { locales } from '../../notify/settings.ts';
import { fillTemplate } from '../../notify/texts.ts';
import { answerPlayer, type PlayerParts, RequestLimits } from './player-requests.ts';

/** Longer notes are truncated to this many characters. */
const MAX_NOTE_LENGTH = 500;
/** Commands of one player in a minute, and of all players. */
const MOST_EACH_PER_MINUTE = 6;
const MOST_IN_ALL_PER_MINUTE = 60;

type UnitCommandParts = Pick<
  PlayerParts,
  'config' | 'state' | 'audience' | 'texts' | 'tell' | 'emit' | 'clock' | 'log'
> & { readonly desk: Pick<UnitDesk, 'attach' | 'answer' | 'note'> };

/** The chat commands `respond` and `note` of units on duty. */
export class UnitCommands {
  readonly #parts: UnitCommandParts;
  readonly #limits: RequestLimits;
  /** Ids of 911 calls that a unit is answering. A second answer would create a second dispatch call. */
  readonly #beingAnswered = new Set<number>();

  constructor(parts: UnitCommandParts) {
    this.#parts = parts;
    this.#limits = new RequestLimits(MOST_EACH_PER_MINUTE, MOST_IN_ALL_PER_MINUTE, parts.clock);
  }

  /**
   * Runs a command, and shows the player the answer as soon as the CAD has answered.
   *
   * @param words the words after the command's name, as `respond 501`
   * @returns false when the first word is neither `respond` nor `note`
   */
  run(source: number, [first = '', ...args]: readonly string[]): boolean {
    const { respond, note } = this.#parts.config().unitCommands;
    const action = first.toLowerCase();
    if (action !== respond && action !== note) return false;

    answerPlayer(source, this.#limits, () => this.#answer(source, action, args), this.#parts);
    return true;
  }

  #answer(source: number, action: string, args: readonly string[]): string | Promise<string> {
    const { state, audience, texts, config } = this.#parts;
    const ident = state.unitOfPlayer(source)?.id;
    if (ident === undefined || !audience.onDuty().includes(source)) return texts().notOnDuty;
    return action === config().unitCommands.respond ? this.#respond(source, ident, args) : this.#addNote(ident, args);
  }

  #respond(source: number, ident: number, args: readonly string[]): string | Promise<string> {
    const { state, desk } = this.#parts;
    const texts = this.#parts.texts();
    const settings = this.#parts.config().unitCommands;
    const [given = '', ...rest] = args;
    if (!/^\d{1,10}$/.test(given) || rest.length > 0) return fillTemplate(texts.respondUsage, settings);
    if (!settings.respondWhileDispatcherOnline && state.isDispatcherOnline()) return texts.dispatcherDecides;

    const callId = Number(given);
    const call = state.getCall(callId);
    if (call !== undefined && call.status !== CLOSED_CALL) {
      if (call.idents.includes(ident)) return fillTemplate(texts.alreadyAttached, { callId });
      return desk.attach(callId, ident).then((result) => this.#describe(result, texts.responding, callId));
    }

    if (state.getEmergencyCall(callId) === undefined) return fillTemplate(texts.noSuchCall, { callId });
    if (this.#beingAnswered.has(callId)) return fillTemplate(texts.beingAnswered, { callId });
    return this.#answerEmergencyCall(source, ident, callId);
  }

  async #answerEmergencyCall(source: number, ident: number, callId: number): Promise<string> {
    const { desk, texts, emit } = this.#parts;
    this.#beingAnswered.add(callId);
    try {
      const result = await desk.answer(callId, ident);
      if (!result.ok) return this.#describe(result, texts().responding, callId);

      emit('SonoranCAD::dispatchnotify:UnitRespond', source, result.data.callId);
      return this.#describe(result, texts().responding, result.data.callId);
    } finally {
      this.#beingAnswered.delete(callId);
    }
  }

  #addNote(ident: number, words: readonly string[]): string | Promise<string> {
    const { state, desk, config } = this.#parts;
    const texts = this.#parts.texts();
    const note = words.join(' ').trim().slice(0, MAX_NOTE_LENGTH).toWellFormed();
    if (note === '') return fillTemplate(texts.noteUsage, config().unitCommands);

    const callId = state.callsOfUnit(ident).at(-1);
    if (callId === undefined) return texts.notAttached;

    const unit = state.getUnit(ident)?.data;
    const label = unit?.unitNum || unit?.name || String(ident);
    return desk.note(callId, note, label).then((result) => this.#describe(result, texts.noted, callId));
  }

  #describe(result: ApiResult<unknown>, success: string, callId: number): string {
    return fillTemplate(result.ok ? success : this.#parts.texts().refused, { callId });
  }
}

/** Field values of a new dispatch call in the CAD: reported by a caller, active, with medium priority. */
const ORIGIN_CALLER = 0;
const STATUS_ACTIVE = 1;
const PRIORITY_MEDIUM = 2;

/** Sends the requests of unit commands to the CAD. */
export class UnitDesk {
  readonly #parts: Pick<PlayerParts, 'request' | 'state' | 'config' | 'log'>;

  constructor(parts: Pick<PlayerParts, 'request' | 'state' | 'config' | 'log'>) {
    this.#parts = parts;
  }

  attach(callId: number, ident: number): Promise<ApiResult<unknown>> {
    return this.#parts.request('attachUnits', { callId, identIds: [ident] });
  }

  /** Adds a note to a dispatch call. @param label the author's name */
  note(callId: number, note: string, label: string): Promise<ApiResult<unknown>> {
    return this.#parts.request('addNote', { callId, note, label });
  }

  /** Creates a dispatch call from a 911 call, attaches a unit to it, and removes the 911 call. */
  async answer(callId: number, ident: number): Promise<ApiResult<{ readonly callId: number }>> {
    const { request, state, config, log } = this.#parts;
    const call = state.getEmergencyCall(callId);
    const created = await request('createDispatch', {
      origin: ORIGIN_CALLER,
      status: STATUS_ACTIVE,
      priority: PRIORITY_MEDIUM,
      title: locales[config().locale].callTitles[call?.isEmergency === false ? '311' : '911'],
      address: call?.location ?? '',
      postal: call?.metaData?.postal ?? '',
      description: call?.description ?? '',
      metaData: { ...pickTexts(call?.metaData ?? {}), createdFromId: String(callId) },
      ...this.#unitSelector(ident),
    });
    if (!created.ok) return created;

    const { idents } = created.data;
    if (!Array.isArray(idents) || !idents.includes(ident)) {
      const attached = await this.attach(created.data.callId, ident);
      if (!attached.ok) return attached;
    }

    const removed = await request('remove911', { callId });
    if (!removed.ok) {
      log
        .coalesce({ reason: removed.error.message })
        .warn('A unit answered a 911 call, but the CAD did not remove the 911 call. Remove it in the CAD.', { callId });
    }
    return created;
  }

  /** Identifies a unit by account or identity: the CAD accepts no idents when a call is created. */
  #unitSelector(ident: number): { accounts: string[] } | { communityUserIds: string[] } {
    const unit = this.#parts.state.getUnit(ident);
    if (unit === undefined) return { communityUserIds: [] };
    if (unit.accId === '') return { communityUserIds: identitiesOfUnit(unit).slice(0, 1) };
    return { accounts: [unit.accId] };
  }
}

function pickTexts(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
