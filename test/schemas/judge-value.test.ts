import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { judgeValue } from '../../src/schemas/judge-value.ts';

describe('judgeValue', () => {
  const schema = z.object({ names: z.array(z.string().min(1)) });

  it('gives the value as the schema makes it, or its faults', () => {
    expect(judgeValue(schema, { names: ['a'] })).toEqual({ accepted: true, value: { names: ['a'] } });
    expect(judgeValue(schema, { names: ['a', 1] })).toMatchObject({
      accepted: false,
      issues: [{ path: ['names', 1] }],
    });
  });

  it('refuses what makes the schema itself fail', () => {
    const odd = JSON.parse('{ "length": { "toString": {} } }');
    expect(() => z.string().min(1).safeParse(odd)).toThrow();
    expect(judgeValue(z.string().min(1), odd)).toEqual({ accepted: false, issues: [] });
  });
});
