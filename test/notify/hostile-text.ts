/** A text as a player may type it into a 911 call. Each notification system would take a part of it for markup. */
export const HOSTILE =
  'a % b ^1red ~r~x <img src=x onerror=alert(1)> ![](http://x) $& {apiKey}\n\n\n\n    - _li_\r\n\u202egnp \u0007"q" &amp;';
