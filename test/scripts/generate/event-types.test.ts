import { describe, expect, it } from '@jest/globals';
import { catalogueSchema } from '../../../scripts/generate/catalogue-schema.ts';
import { eventTypes } from '../../../scripts/generate/event-types.ts';

describe('the types of event data', () => {
  const lines = eventTypes(catalogueSchema()).split('\n');

  it('have a sentence for each field, which editors show on hover', () => {
    const isField = (line: string) => /^ +\w+\??: /.test(line);
    const bare = lines.filter((line, index) => isField(line) && !lines[index - 1]?.trim().startsWith('/**'));
    expect(bare).toEqual([]);
    expect(lines.filter(isField).length).toBeGreaterThan(100);
  });

  it('tell what a shape is apart from what a field of it is', () => {
    expect(lines[lines.indexOf('export interface Unit {') - 1]).toContain('A unit: an officer');
    expect(lines[lines.indexOf('  unit: Unit;') - 1]).toContain('All of the unit');
  });
});
