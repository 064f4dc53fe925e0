/**
 * @template {import('sonorancad/listener').PushEventType} Type @typedef
 * {import('sonorancad/listener').KnownPushEvent<Type>} Event
 */

/** The most units that are remembered. Beyond it, the unit whose last event is the oldest is forgotten. */
const MOST = 2_000;

/**
 * Creates a memory of unit names, because most events contain only a unit's number. After a start, a unit has no name
 * until its next login or update.
 */
export function createUnits() {
  /** @type {Map<number, { readonly unitNum: string, readonly name: string }>} */
  const known = new Map();

  /**
   * Remembers the fields of a unit; missing fields are unchanged.
   *
   * @param {import('sonorancad/types').UnitChange} unit
   */
  function learn({ id, data: { unitNum, name } }) {
    const before = known.get(id) ?? { unitNum: '', name: '' };
    known.delete(id);
    known.set(id, { unitNum: unitNum ?? before.unitNum, name: name ?? before.name });
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  }

  return {
    /** @param {Event<'EVENT_UNIT_LOGIN'>} event */
    login: ({ data: { unit } }) => learn(unit),
    /** @param {Event<'EVENT_UNIT_UPDATE'>} event */
    update: ({ data: { units } }) => units.forEach(learn),
    /** @param {Event<'EVENT_UNIT_LOGOUT'>} event */
    logout: ({ data: { identId } }) => void known.delete(identId),
    /**
     * Names a unit.
     *
     * @param {number} ident
     * @returns {string} for example `1-ADAM-12 · Jim Reed (12)`, or the number alone if the unit has no name yet
     */
    nameOf(ident) {
      const { unitNum = '', name = '' } = known.get(ident) ?? {};
      const said = [unitNum, name].filter((part) => part.trim() !== '').join(' · ');
      return said === '' ? String(ident) : `${said} (${ident})`;
    },
  };
}
