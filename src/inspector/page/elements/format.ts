const two = (value: number): string => String(value).padStart(2, '0');

/** @returns such as `09:05:07`, in the browser's time zone */
export function clockTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** @returns such as `09:05` */
export function clockMinute(milliseconds: number): string {
  return clockTime(milliseconds).slice(0, 5);
}

/** @returns such as `2026-11-29 09:05:07` */
export function dateAndTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clockTime(milliseconds)}`;
}

const SPANS = [
  [86_400_000, 'd', 24, 'h'],
  [3_600_000, 'h', 60, 'min'],
  [60_000, 'min', 60, 's'],
] as const;

/** @returns such as `3.2 ms`, `12 s` or `2 h 5 min` */
export function duration(milliseconds: number): string {
  if (milliseconds <= 0) return '0 ms';
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  for (const [length, name, parts, part] of SPANS) {
    if (milliseconds < length) continue;
    const rest = Math.floor(((milliseconds % length) / length) * parts);
    return `${Math.floor(milliseconds / length)} ${name}${rest === 0 ? '' : ` ${rest} ${part}`}`;
  }
  const seconds = milliseconds / 1000;
  return `${seconds < 10 ? seconds.toFixed(1).replace('.0', '') : Math.round(seconds)} s`;
}

/** @returns how long ago something was, without what changes too fast to be read */
export function age(milliseconds: number): string {
  return milliseconds < 1000 ? 'just now' : `${duration(Math.floor(milliseconds / 1000) * 1000)} ago`;
}

/** @returns such as `812 B` or `1.0 MB` */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

/** @returns such as `10 000`: with thin spaces, which every reader of numbers understands */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** @returns such as `1 event` or `2 events` */
export function counted(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
}
