import { createPushEventListener } from 'sonorancad/listener';
import { createChannel } from './channel.mjs';
import { closedMessage, emergencyMessage, panicMessage } from './messages.mjs';
import { nameVariable, readSettings } from './settings.mjs';
import { createUnits } from './units.mjs';
import { createWebhook } from './webhook.mjs';

/** The exit code EX_CONFIG: a restart is useless until a setting is changed. */
const WRONG_SETTINGS = 78;

/** Prints one line for the operator. @param {string} line */
const say = (line) => console.error(line);

/** @type {import('./settings.mjs').Settings} */
let settings;
/** @type {import('sonorancad/listener').PushEventListener} */
let listener;
try {
  settings = readSettings(process.env);
  listener = createPushEventListener({ apiKey: settings.apiKey, secret: settings.secret });
} catch (error) {
  say(nameVariable(/** @type {Error} */ (error).message));
  process.exit(WRONG_SETTINGS);
}

/** Exits because the webhook does not exist any more. @param {string} reason @returns {never} */
function endWithoutWebhook(reason) {
  const left = channel.waiting();
  const lost = left === 0 ? '' : ` ${left} messages were not posted.`;
  say(`The webhook is gone (${reason}): make a new one in Discord, and set DISCORD_WEBHOOK_URL.${lost}`);
  // After the exit, the game server keeps the events and warns in its console.
  process.exit(WRONG_SETTINGS);
}

const webhook = createWebhook(settings.webhookUrl);
const channel = createChannel({ ...settings, webhook, say, gone: endWithoutWebhook });

const found = await webhook.check();
if (found.kind === 'gone') endWithoutWebhook(found.reason);
if (found.kind !== 'posted') say(`Whether the webhook exists cannot be said yet (${found.reason}).`);

const units = createUnits();
listener
  .on('EVENT_UNIT_LOGIN', units.login)
  .on('EVENT_UNIT_UPDATE', units.update)
  .on('EVENT_911', (event) => channel.post(emergencyMessage(event)))
  .on('EVENT_UNIT_PANIC', (event) => channel.post(panicMessage(event, units.nameOf)))
  .on('EVENT_DISPATCH_CLOSED', (event) => channel.post(closedMessage(event, units.nameOf)))
  .on('EVENT_UNIT_LOGOUT', units.logout)
  .onError((error, { type, id }) =>
    say(`A handler of ${type} (${id}) failed: ${/** @type {Error} */ (error).message}`),
  );

const server = await listener.listen(settings.port, settings.host).catch(({ code }) => {
  say(`PORT: events cannot be received there (${code}).`);
  process.exit(1);
});
console.log(`Push events are received at port ${server.port}.`);

/** Stops gracefully. A second signal has no handler any more, so it ends the process at once. */
async function stop() {
  process.off('SIGTERM', stop).off('SIGINT', stop);
  const left = await channel.finish(server.close(), settings.stopWithinMs);
  if (left > 0) say(`${left} messages were not posted.`);
  process.exit(left > 0 ? 1 : 0);
}
process.on('SIGTERM', stop).on('SIGINT', stop);
