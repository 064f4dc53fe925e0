import { filled, needed, neededListOf, number, shape, text, texts } from '../fields.ts';
import { entry } from './entry.ts';
import { type Fields, readObject, without } from './read-values.ts';

// A callout happens somewhere, or not at all. Height may be missing: whoever builds the scene puts it on the ground.
const calloutLocation = shape(null, {
  x: needed(number, { client: true }),
  y: needed(number, { client: true }),
  z: filled(number, 0, { client: true }),
});

const percent = filled(number, 0, { says: '0 to 100', client: true });

const callout = shape(
  'Callout',
  {
    calloutLocations: needed(neededListOf(calloutLocation, false), { client: true }),
    pedWeaponData: filled(texts, [], { client: true }),
    pedActionOnNoActionFound: filled(text, 'none', { says: '"none", "flee", "attack" or "surrender"', client: true }),
    pedChanceToFleeFromPlayer: percent,
    pedChanceToObtainWeapons: percent,
    pedChanceToAttackPlayer: percent,
    pedChanceToSurrender: percent,
  },
  { description: 'A scene to be built in the game.', prepare: flatten },
);

export const newCallout = entry({
  type: 'EVENT_NEW_CALLOUT',
  description: 'A callout is to be created (for resources that build scenes, such as Emergency Response Simulator).',
  data: shape('NewCalloutData', { callout: needed(callout, { client: true }) }),
  accepts: ['The fields one level deeper, in `callout.data`, and in PascalCase (`CalloutLocations`)'],
  concerns: {},
});

/** What lies at the callout itself, in camelCase, wins over what lies deeper or is written otherwise. */
function flatten(received: Fields): Fields {
  const inner = readObject(received.data);
  if (inner === undefined) return inCamelCase(received);
  return { ...inCamelCase(inner), ...inCamelCase(without(received, 'data')) };
}

function inCamelCase(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([name, value]) => [camelCase(name), value, name] as const);
  return Object.fromEntries(entries.filter(([renamed, , name]) => renamed === name || !Object.hasOwn(fields, renamed)));
}

function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
