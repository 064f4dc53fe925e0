/** The CAD's number for a dispatch call that is over (0 is a pending call, 1 an active one). */
export const CLOSED_CALL = 2;
