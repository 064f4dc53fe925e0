// Functions that cross between resources: a sender keeps the function under a number, the receiver gets a wrapper that
// calls it by name. Runs inside each resource's scope; gives pack, unpack and what the host calls.
(function installReferences(global, host, msgpack, printError) {
  const FUNCREF = 10;
  const LOCAL_FUNCREF = 11;
  const codec = msgpack.createCodec({ uint8array: true, preset: false, binarraybuffer: true });
  const options = { codec };
  const functions = new Map();
  let nextRef = 0;

  const pack = (value) => msgpack.encode(value, options);
  const unpack = (payload) => msgpack.decode(payload, options);

  function makeRefFunction(callback) {
    const ref = nextRef++;
    functions.set(ref, { callback, count: 0 });
    return host.canonicalizeRef(ref);
  }

  // FXServer's copy of msgpack-lite sends functions as an extension; npm's sends nil before any packer is asked.
  const AsyncFunction = (async () => {}).constructor;
  const encodeValue = codec.encode;
  codec.encode = (encoder, value) => {
    if (typeof value === 'function' && (value.constructor === Function || value.constructor === AsyncFunction)) {
      encodeValue(encoder, new ExtBuffer(host.utf8(makeRefFunction(value)), FUNCREF));
    } else if (typeof value === 'number' && value > 0x7fffffff && Number.isInteger(value)) {
      writeDouble(encoder, value);
    } else encodeValue(encoder, value);
  };
  // The library does not hand out this class, but makes one for an extension without an unpacker.
  const ExtBuffer = msgpack.decode(new Uint8Array([0xd4, 0x7f, 0]), options).constructor;

  // FXServer's copy knows no unsigned 32-bit integers: whatever does not fit an int32 is a float there, and in Lua.
  const double = new DataView(new ArrayBuffer(9));
  const doubleBytes = new Uint8Array(double.buffer);
  function writeDouble(encoder, value) {
    double.setUint8(0, 0xcb);
    double.setFloat64(1, value);
    encoder.send(doubleBytes.slice());
  }

  // What the receiver no longer holds is released at the next tick.
  const released = [];
  const watch = new FinalizationRegistry((ref) => released.push(ref));

  function unpackReference(bytes) {
    const ref = host.duplicateRef(host.text(bytes));
    const owner = host.invokingResource();
    const call = (...args) => fromReturn(invoke(ref, owner, pack(args)));
    watch.register(call, ref);
    return call;
  }
  codec.addExtUnpacker(FUNCREF, unpackReference);
  codec.addExtUnpacker(LOCAL_FUNCREF, unpackReference);

  function invoke(ref, owner, payload) {
    let answer;
    try {
      answer = host.invokeRef(ref, payload);
    } catch (error) {
      throw new Error(error.code === 'REF_INVALID' ? deadReference(owner) : error.message);
    }
    const values = unpack(answer);
    // What Lua gives after an error is taken for a function that is gone.
    if (values === null) throw new Error(deadReference(owner));
    return values;
  }

  function deadReference(owner) {
    const me = host.resourceName;
    if (!owner) return `Error in nested ref call for ${me}. `;
    const why =
      host.resourceState(owner) === 'started'
        ? `(did ${owner} restart recently?)`
        : `And ${owner} isn't started, was the resource restarted mid call?`;
    return `Error in nested ref call for ${me}. ${me} tried to call a function reference in ${owner} but the reference wasn't valid. ${why}`;
  }

  function fromReturn(values) {
    // Lua's results with a nil between them are no list, but an object with their numbers.
    if (!Array.isArray(values) || values.length > 1) return values;
    const value = values[0];
    const later = value && typeof value === 'object' ? value.__cfx_async_retval : undefined;
    if (typeof later !== 'function') return value;
    return new Promise((resolve, reject) => {
      later((results, error) => {
        if (error !== null && error !== undefined) reject(error);
        else resolve(Array.isArray(results) && results.length <= 1 ? results[0] : results);
      });
    });
  }

  function toReturn(value) {
    if (!(value instanceof Promise)) return pack([value]);
    const later = (callback) => {
      value.then(
        (result) => callback([result], null),
        (error) => callback(null, error ? String(error.message ?? error) : ''),
      );
    };
    return pack([{ __cfx_async_retval: later }]);
  }

  return {
    pack,
    unpack,
    makeRefFunction,
    invokeReference: (ref, ...args) => fromReturn(invoke(ref, null, pack(args))),
    callRef(ref, payload) {
      const entry = functions.get(ref);
      if (entry === undefined) {
        global.console.error('Invalid ref call attempt:', ref);
        return pack([]);
      }
      try {
        return toReturn(entry.callback(...unpack(payload)));
      } catch (error) {
        throw new Error(printError('call ref', error));
      }
    },
    duplicateRef(ref) {
      const entry = functions.get(ref);
      if (entry === undefined) return -1;
      entry.count++;
      return ref;
    },
    removeRef(ref) {
      const entry = functions.get(ref);
      if (entry !== undefined && --entry.count <= 0) functions.delete(ref);
    },
    countRefs: () => functions.size,
    releaseRefs() {
      for (const ref of released.splice(0)) host.deleteRef(ref);
    },
  };
});
