// Stands in for the package `mime-types` in the bundle, with its table of all the types in the world: Koa asks it for the four kinds
// of answers that it knows by itself, and for types that are written out.
const SHORT = {
  text: 'text/plain',
  html: 'text/html',
  json: 'application/json',
  bin: 'application/octet-stream',
};

exports.contentType = (name) => {
  const type = name.includes('/') ? name : SHORT[name];
  if (type === undefined) return false;
  const isText = /^text\/|^application\/json\b/.test(type) && !type.includes('charset');
  return isText ? `${type}; charset=utf-8` : type;
};
