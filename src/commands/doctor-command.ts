import type { Doctor } from '../doctor/create-doctor.ts';
import type { Subcommand } from './create-command.ts';

/** `doctor`: looks at everything once more. */
export function createDoctorCommand(doctor: Doctor): Subcommand {
  return {
    description: 'checks everything from the key to the way to your web servers, and says what to do',
    run: () => doctor.look(),
  };
}

/** `register`: the operator's word that the CAD's list of servers is right as it is, so that this server may be entered into it. */
export function createRegisterCommand(name: string, register: () => void): Subcommand {
  return {
    description: "enters this server into the CAD's list, also where that is empty or lacks servers that it had",
    run(_words, source) {
      if (source > 0) return [`"${name} register" is for the server's own console.`];
      register();
      return [
        "The CAD's list is read, and read again before it is written; the outcome follows here within two minutes.",
      ];
    },
  };
}
