/** What somebody may type into a 911 call, with everything in it that any system takes for something else. */
export const HOSTILE =
  'a % b ^1red ~r~x <img src=x onerror=alert(1)> ![](http://x) $& {apiKey}\n\n\n\n    - _li_\r\n\u202egnp \u0007"q" &amp;';
