-- The `msgpack` library that scripts use.
local shared = ...

local function ignored() end

msgpack = {
  null = json.null,
  sentinel = json.null,
  pack_args = shared.encodeArguments,

  -- All values in a row.
  pack = function(...)
    local packed = {}
    for i = 1, math.max(1, select('#', ...)) do packed[i] = shared.encode((select(i, ...))) end
    return table.concat(packed)
  end,

  -- The first value.
  unpack = function(bytes)
    local value = shared.decode(bytes)
    return value
  end,

  -- Packs values with this metatable by its __pack, as the extension type __ext, and unpacks that type by its __unpack.
  extend = function(meta)
    if type(meta) ~= 'table' or math.type(meta.__ext) ~= 'integer' then error('a metatable with __ext expected', 2) end
    shared.unpackers[meta.__ext] = meta.__unpack
    return meta
  end,
  extend_clear = function(...)
    for _, kind in ipairs({ ... }) do shared.unpackers[kind] = nil end
  end,

  -- The server has set these already, and scripts set them to the same.
  setoption = ignored,
  getoption = ignored,
  settype = ignored,
  set_string = ignored,
  set_integer = ignored,
  set_number = ignored,
  set_array = ignored,
}
