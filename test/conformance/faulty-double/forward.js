// The stand-in's Lua has no HTTP client.
on('faulty-double:forward', (url, body) => {
  fetch(url, { method: 'POST', body }).catch((error) => console.log(error.message));
});
