import * as v from 'valibot';
import { key, listOfLength } from '../lib/settings.ts';
import { isForwardUrl, settledForwardUrl } from './targets/target-addresses.ts';
import { expectedInTargets, secretsOfTargets, targetSchema } from './targets/target-schema.ts';

/** The keys about forwarding. */
export const forwardKeys = {
  enablePushEventForwarding: key({
    form: 'boolean',
    schema: v.boolean(),
    default: false,
    description: 'Forwards each push event to `pushEventForwardUrl` and to the `pushEventForwardTargets`.',
    expected: 'true or false',
    otherwise: 'forwarding is off',
  }),
  pushEventForwardUrl: key({
    form: 'text',
    schema: v.pipe(
      v.string(),
      v.transform(settledForwardUrl),
      v.check((url) => url === '' || isForwardUrl(url)),
    ),
    default: '',
    description: 'Where push events are forwarded to; `/sonorancad/event` is appended to an address without a path.',
    expected: 'a URL like http://203.0.113.5:30150 or https://bot.example/events',
    otherwise: 'forwarding is off',
  }),
  pushEventForwardTargets: key({
    form: 'json',
    schema: v.array(targetSchema),
    default: [],
    description: 'More web servers, or streams of NATS, that push events are forwarded to, each with its own settings.',
    expected: 'a list of targets like [{ "name": "bot", "url": "https://bot.example/events" }]',
    expectedAt: expectedInTargets,
    otherwise: 'none of them is sent to',
    otherwiseItem: 'this target is off',
    secret: secretsOfTargets,
  }),
  pushEventForwardRetrySeconds: key({
    form: 'json',
    schema: listOfLength(v.pipe(v.number(), v.minValue(0.1), v.maxValue(3_600)), 1, 20),
    default: [0.25, 2, 10, 30],
    description:
      'How many seconds to wait after each failure in a row before the next attempt; the last number counts for all further ones.',
    expected: 'a list of 1 to 20 numbers of seconds from 0.1 to 3600',
    expectedAt: () => 'a number of seconds from 0.1 to 3600',
  }),
};
