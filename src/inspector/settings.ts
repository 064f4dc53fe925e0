import * as v from 'valibot';
import { isForwardUrl, settledForwardUrl } from '../forward/targets/target-addresses.ts';
import { key, membersOf } from '../lib/settings.ts';

const address = v.pipe(
  v.string(),
  v.transform(settledForwardUrl),
  v.check((url) => url === '' || isForwardUrl(url)),
);

/** The keys about the operator's page, and about what operators are told of. */
export const inspectorKeys = {
  inspector: key({
    form: 'boolean',
    schema: v.boolean(),
    default: true,
    description: "The operator's page, whose link `sonorancad inspect` prints; see docs/inspector.md.",
    expected: 'true or false',
    otherwise: 'there is no page',
    whenRefused: false,
  }),
  alerts: key({
    form: 'json',
    schema: membersOf({ discord: v.optional(address, ''), url: v.optional(address, '') }),
    default: { discord: '', url: '' },
    description:
      'Where alerts go when a target is down, dead letters appear, or the CAD is out of reach: a webhook of Discord, or any URL that takes JSON; see docs/inspector.md.',
    expected:
      'an object like { "discord": "https://discord.example/api/webhooks/…" } or { "url": "https://alerts.example/in" }',
    expectedAt: () => 'a URL that begins with http:// or https://',
    otherwise: 'alerts are in the console only',
    secret: (value) => (typeof value === 'object' && value !== null ? Object.values(value) : [value]),
  }),
};
