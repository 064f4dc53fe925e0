/** @template {import('sonorancad/listener').PushEventType} Type @typedef {import('sonorancad/listener').KnownPushEvent<Type>} Event */

/** More than any community has signed in at once. The one that was heard of longest ago makes room. */
const MOST = 2_000;

/**
 * Remembers who the units are: most events give only their numbers. After a start it knows no unit until the CAD names it.
 */
export function createUnits() {
  /** @type {Map<number, { readonly unitNum: string, readonly name: string }>} */
  const known = new Map();

  /** @param {import('sonorancad/types').UnitChange} unit what is said of it; what is left out has not changed */
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
     * @param {number} ident
     * @returns {string} such as `1-ADAM-12 · Jim Reed (12)`, the number alone where no more is known
     */
    nameOf(ident) {
      const { unitNum = '', name = '' } = known.get(ident) ?? {};
      const said = [unitNum, name].filter((part) => part.trim() !== '').join(' · ');
      return said === '' ? String(ident) : `${said} (${ident})`;
    },
  };
}
