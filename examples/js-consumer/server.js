on('sonorancad:pushEvent:EVENT_UNIT_PANIC', ({ identIds, isPanic }) => {
  console.log(`units ${identIds.join(', ')} ${isPanic ? 'are in danger' : 'are safe'}`);
});
