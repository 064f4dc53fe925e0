import type * as z from 'zod';

/**
 * The names that an object may have at a place inside a value.
 *
 * @param path as zod gives it
 * @returns none where the schema takes no object there, or one of any names
 */
export function knownMembers(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return knownMembers(def.innerType, path);
    case 'pipe':
      return knownMembers(def.in, path);
    case 'array':
      return path.length === 0 ? [] : knownMembers(def.element, path.slice(1));
    case 'object': {
      const [name, ...rest] = path;
      if (name === undefined) return Object.keys(def.shape);
      const member = Object.hasOwn(def.shape, name) ? def.shape[String(name)] : undefined;
      return member === undefined ? [] : knownMembers(member, rest);
    }
    default:
      return [];
  }
}
