/** To which the CAD sends push events, and where the documented listener answers: there and nowhere else. */
export const DOCUMENTED_PATH = '/sonorancad/event';
