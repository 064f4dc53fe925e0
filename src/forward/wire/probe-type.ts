/** Type of the event that asks whether a listener that never answers is there. */
export const PROBE_TYPE = 'SONORANCAD_PROBE';
