const MAP = 'metaData';

/** A copy in which every object has a field that no documentation knows; maps of texts stay what they are. */
export function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownFields);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === MAP ? member : withUnknownFields(member),
  ]);
  return { ...Object.fromEntries(members), addedLater: { version: 9, labels: ['new'] } };
}
