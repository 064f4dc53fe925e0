import type { Doctor } from '../doctor/create-doctor.ts';
import type { Subcommand } from './create-command.ts';

/** `doctor`: looks at everything once more. */
export function createDoctorCommand(doctor: Doctor): Subcommand {
  return {
    description: 'checks everything from the key to the way to your web servers, and says what to do',
    run: () => doctor.look(),
  };
}
