import { readFileSync } from 'node:fs';

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */
/** @typedef {ReturnType<typeof readSettings>} Settings */

/** The version of Discord's API. In the version of addresses without a number, `retry_after` is in milliseconds. */
const API_VERSION = 'v10';
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Reads the settings from the environment. README.md explains each variable.
 *
 * @param {Environment} env
 * @throws an Error that names the variable and the expected value, and quotes no value
 */
export function readSettings(env) {
  return {
    webhookUrl: readWebhookUrl(secretOf(env, 'DISCORD_WEBHOOK_URL')),
    apiKey: secretOf(env, 'SONORANCAD_KEY') ?? missing('SONORANCAD_KEY'),
    secret: secretOf(env, 'SONORANCAD_SECRET'),
    port: numberOf(env, 'PORT', 30150, 0, 65_535),
    host: env.HOST || '127.0.0.1',
    queueLength: numberOf(env, 'QUEUE_LENGTH', 500, 1, 10_000),
    giveUpAfterMs: numberOf(env, 'GIVE_UP_AFTER_SECONDS', 900, 1, 86_400) * 1_000,
    stopWithinMs: numberOf(env, 'STOP_WITHIN_SECONDS', 8, 1, 600) * 1_000,
  };
}

/**
 * Replaces the name of a library option with the environment variable that the operator has set.
 *
 * @param {string} message an error of the library, which begins with the option's name
 * @returns {string} the message with the variable's name
 */
export function nameVariable(message) {
  return message.replace(/^apiKey\b/, 'SONORANCAD_KEY').replace(/^secret\b/, 'SONORANCAD_SECRET');
}

/**
 * Reads a secret from its variable, or from the file that `<name>_FILE` names.
 *
 * @param {Environment} env
 * @param {string} name
 */
function secretOf(env, name) {
  const file = env[`${name}_FILE`];
  if (!file) return env[name]?.trim() || undefined;
  let text;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`${name}_FILE: the file cannot be read (${/** @type {{ code?: string }} */ (error).code}).`);
  }
  if (text === '') throw new Error(`${name}_FILE: the file is empty.`);
  return text;
}

/** @param {string} name @returns {never} */
function missing(name) {
  throw new Error(`${name} is missing: set it, or set ${name}_FILE to the path of a file that holds it.`);
}

/** @param {string | undefined} text */
function readWebhookUrl(text = missing('DISCORD_WEBHOOK_URL')) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url === null || !isSafe || !/^\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]+$/.test(url.pathname)) {
    throw new Error(
      'DISCORD_WEBHOOK_URL: expected the address that Discord shows for a webhook, https://<host>/api/webhooks/<number>/<token>.',
    );
  }
  url.pathname = url.pathname.replace(/^\/api\/(v\d+\/)?/, `/api/${API_VERSION}/`);
  // With `wait`, Discord answers after the message is in the channel, and not before.
  url.searchParams.set('wait', 'true');
  return url;
}

/**
 * Reads a whole number.
 *
 * @param {Environment} env
 * @param {string} name
 * @param {number} byDefault
 * @param {number} least
 * @param {number} most
 */
function numberOf(env, name, byDefault, least, most) {
  const text = env[name]?.trim();
  if (!text) return byDefault;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new Error(`${name}: expected a whole number from ${least} to ${most}.`);
  }
  return number;
}
