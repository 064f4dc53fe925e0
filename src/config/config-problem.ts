/** Something an operator should mend; one line for the console, free of secrets. */
export interface ConfigProblem {
  level: 'error' | 'warn';
  line: string;
}
