import { describe, expect, it } from '@jest/globals';
import { replaceIn, withOnlyMethods, withoutMethods } from '../../scripts/build/edit-source.ts';

const SOURCE = `class A {
  async first(a) {
    if (a) {
      return 1;
    }
  }
  static second(b) {
    return 2;
  }
  get third() {
    return 3;
  }
  value = 4;
}
`;

describe('what is left out of a package', () => {
  it('is each method that is named, to the brace in its own column', () => {
    expect(withoutMethods(SOURCE, 2, ['second', 'third'])).toBe(`class A {
  async first(a) {
    if (a) {
      return 1;
    }
  }
  value = 4;
}
`);
  });

  it('is each method but those that are named', () => {
    expect(withOnlyMethods(SOURCE, 2, ['second'])).toBe(`class A {
  static second(b) {
    return 2;
  }
  value = 4;
}
`);
  });

  it('is told with the line ends of Windows too', () => {
    expect(withoutMethods(SOURCE.replaceAll('\n', '\r\n'), 2, ['first', 'second', 'third'])).toBe(
      'class A {\n  value = 4;\n}\n',
    );
  });

  it('has to be there', () => {
    expect(() => withoutMethods(SOURCE, 2, ['second', 'gone'])).toThrow(/no gone any more/);
    expect(() => withOnlyMethods(SOURCE, 4, ['second'])).toThrow(/no second any more/);
    expect(() => replaceIn(SOURCE, /value = 5/, '')).toThrow(/value = 5/);
    expect(replaceIn(SOURCE, /value = \d/, 'value = 6')).toContain('value = 6;');
  });
});
