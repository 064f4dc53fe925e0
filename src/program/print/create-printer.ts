import { configKeys } from '../../config/schema.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import { describeLine } from './describe-line.ts';
import { eventJson } from './event-json.ts';

/** Where nobody says how wide lines may be. */
const DEFAULT_WIDTH = 240;
const LEAST_WIDTH = 60;

/** The stream that lines go to, as far as it says how they should look. */
export interface Screen {
  readonly isTTY?: boolean;
  /** Changes with the window. */
  readonly columns?: number;
}

/** @returns what makes a line of an event */
export function createPrinter(json: boolean, colours: boolean, screen: Screen): (event: PushEvent) => string {
  if (json) return eventJson;
  const statusLabels = configKeys.statusLabels.default;
  return (event) => {
    const columns = screen.isTTY === true ? screen.columns : undefined;
    return describeLine(event, { width: Math.max(LEAST_WIDTH, columns ?? DEFAULT_WIDTH), colours, statusLabels });
  };
}
