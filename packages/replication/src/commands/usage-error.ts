/** The command line, or an environment variable that stands for an option, asks for what is not possible. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
