import { describe, expect, test } from '@jest/globals';
import { manifest, printedBy, serverWith } from '../server-with.ts';

const LUA = manifest(`server_script 'server.lua'`);

/** What a script prints that has a file `notes.txt` of its own and that of another resource, `other`. */
async function printedWith(script: string): Promise<string[]> {
  const host = await serverWith({
    other: { 'fxmanifest.lua': LUA, 'server.lua': '', 'secret.txt': 'shared' },
    one: { 'fxmanifest.lua': LUA, 'server.lua': script, 'notes.txt': 'first 12 0x1F\nsecond\n\nlast' },
  });
  return printedBy(host, 'one');
}

const OWN = `local path = GetResourcePath('one') .. '/notes.txt'`;

describe('io in Lua', () => {
  test('reads a file by lines, numbers, characters and as a whole', async () => {
    expect(
      await printedWith(`${OWN}
        local file = io.open(path)
        print(file:read(5), file:read('n'), file:read('n'), file:read(), file:read('*L'))
        print('[' .. file:read() .. ']', file:read('a'), file:read('l'), file:read(1))
        print(file:seek('set', 1), file:read(2), file:seek('end'), io.type(file), file:close(), io.type(file))
        for line in io.lines(path) do print('[' .. line .. ']') end`),
    ).toEqual([
      'first\t12\t31\t\tsecond',
      '[]\tlast\tnil\tnil',
      '1\tir\t26\tfile\ttrue\tclosed file',
      ...['[first 12 0x1F]', '[second]', '[]', '[last]'],
    ]);
  });

  test('writes and appends to files of the own resource', async () => {
    expect(
      await printedWith(`${OWN}
        local file = io.open(path, 'w') file:write('a', 1, 'b') file:close()
        file = io.open(path, 'a') file:write('c') file:close()
        file = io.open(path, 'r+') file:write('X') file:close()
        print(io.open(path):read('a'), io.open(path):write('no'))`),
    ).toEqual(['X1bc\tnil\tBad file descriptor']);
  });

  test('reads files of other resources, and refuses to write them', async () => {
    expect(
      await printedWith(`
        print(io.open('@other/secret.txt'):read('a'), io.open('@other/none.txt'))
        print(io.open('@other/secret.txt', 'w'))`),
    ).toEqual([
      'shared\tnil\t@other/none.txt: No such file or directory\t2',
      expect.stringContaining('Filesystem permission check'),
      'nil\t@other/secret.txt: No such file or directory\t2',
    ]);
  });

  test('refuses files outside of the folders of resources', async () => {
    const printed = await printedWith(
      `print((io.open('/etc/hostname'))) print((io.open('@one/../../../etc/hostname')))`,
    );
    expect(printed.filter((line) => line === 'nil')).toHaveLength(2);
  });

  test('lists the names in a folder', async () => {
    expect(
      await printedWith(`
        local folder = io.readdir(GetResourcePath('one'))
        for name in folder:lines() do print(name) end
        print(folder:close(), io.readdir('@one/none'))`),
    ).toEqual(['fxmanifest.lua', 'notes.txt', 'server.lua', 'true\tnil\t@one/none: No such file or directory\t2']);
  });
});
