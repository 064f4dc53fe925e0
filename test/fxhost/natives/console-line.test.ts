import { describe, expect, it } from '@jest/globals';
import { splitCommands, tokenize } from '../../../scripts/fxhost/natives/console-line.ts';

describe('splitting console text into commands', () => {
  it.each([
    ['a; b\nc\r\nd', ['a', ' b', 'c', 'd']],
    ['set a "x;y"; b', ['set a "x;y"', ' b']],
    ['set a "open\nb;c', ['set a "open', 'b', 'c']],
    ['set a {"k":";"};b', ['set a {"k":";"}', 'b']],
    ['set a [1;b', ['set a [1', 'b']],
    ['\n ;\n', []],
    ['set a {\n"k": 1\n}\nb', ['set a {\n"k": 1\n}', 'b']],
  ])('splits %j', (text, commands) => {
    expect(splitCommands(text)).toEqual(commands);
  });
});

describe('splitting a command into words', () => {
  it.each([
    ['  set  a\tb ', ['set', 'a', 'b']],
    ['set a "b c"', ['set', 'a', 'b c']],
    ['set a ""', ['set', 'a', '']],
    ['set a "say \\"hi\\""', ['set', 'a', 'say "hi"']],
    ['set a "c:\\dir"', ['set', 'a', 'c:\\dir']],
    ['set a "open', ['set', 'a', 'open']],
    ['set a b"c d"', ['set', 'a', 'b', 'c d']],
    ['set a http://b#c', ['set', 'a', 'http://b#c']],
    ['set a b # note', ['set', 'a', 'b']],
    ['set a b // note', ['set', 'a', 'b']],
    ['set a b /* note', ['set', 'a', 'b']],
    ['# note', []],
    ['// note', []],
    ['', []],
    ['set a [{"k": "x y", "z": "]"}] tail', ['set', 'a', '[{"k": "x y", "z": "]"}]', 'tail']],
    ['set a {not json}', ['set', 'a', '{not', 'json}']],
    ['set a {open', ['set', 'a', '{open']],
  ])('splits %j', (line, words) => {
    expect(tokenize(line)).toEqual(words);
  });
});
