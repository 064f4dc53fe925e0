import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import { entry } from './entry.ts';
import {
  copyFields,
  type Fields,
  fieldsReader,
  neededListOf,
  readNumber,
  readObject,
  readText,
  readTexts,
  without,
} from './read-values.ts';

const percent = lazily(() => z.number().default(0).describe('0 to 100'));

const callout = lazily(() =>
  z
    .looseObject({
      // A callout happens somewhere, or not at all. Height may be missing: whoever builds the scene puts it on the ground.
      calloutLocations: z.array(z.looseObject({ x: z.number(), y: z.number(), z: z.number().default(0) })).min(1),
      pedWeaponData: z.array(z.string()).default(() => []),
      pedActionOnNoActionFound: z.string().default('none').describe('"none", "flee", "attack" or "surrender"'),
      pedChanceToFleeFromPlayer: percent(),
      pedChanceToObtainWeapons: percent(),
      pedChanceToAttackPlayer: percent(),
      pedChanceToSurrender: percent(),
    })
    .meta({ id: 'Callout', description: 'A scene to be built in the game.' }),
);

const readLocationFields = fieldsReader({ x: readNumber, y: readNumber, z: readNumber });

const readLocations = neededListOf((given) => {
  const fields = readObject(given);
  if (fields === undefined) return undefined;
  const location = readLocationFields(fields);
  return location.x === undefined || location.y === undefined ? undefined : location;
});

const readCalloutFields = fieldsReader({
  calloutLocations: readLocations,
  pedWeaponData: readTexts,
  pedActionOnNoActionFound: readText,
  pedChanceToFleeFromPlayer: readNumber,
  pedChanceToObtainWeapons: readNumber,
  pedChanceToAttackPlayer: readNumber,
  pedChanceToSurrender: readNumber,
});

export const newCallout = entry({
  type: 'EVENT_NEW_CALLOUT',
  description: 'A callout is to be created (for resources that build scenes, such as Emergency Response Simulator).',
  schema: () => z.looseObject({ callout: callout() }).meta({ id: 'NewCalloutData' }),
  accepts: ['The fields one level deeper, in `callout.data`, and in PascalCase (`CalloutLocations`)'],
  concerns: {},
  clientFields: {
    callout: {
      calloutLocations: [{ x: 'number', y: 'number', z: 'number' }],
      pedWeaponData: ['text'],
      pedActionOnNoActionFound: 'text',
      pedChanceToFleeFromPlayer: 'number',
      pedChanceToObtainWeapons: 'number',
      pedChanceToAttackPlayer: 'number',
      pedChanceToSurrender: 'number',
    },
  },
  canonicalise(data) {
    const canonical = copyFields(data);
    const received = readObject(data.callout);
    canonical.callout = received === undefined ? data.callout : readCalloutFields(flatten(received));
    return canonical;
  },
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
