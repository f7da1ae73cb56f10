import { readFileSync } from 'node:fs';
import yargs, { type CommandModule } from 'yargs';
import { cacheCommand } from './commands/cache.js';
import { cancelCommand } from './commands/cancel.js';
import { compareCommand } from './commands/compare.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { figuresCommand } from './commands/figures.js';
import { nearestTo } from './commands/nearest.js';
import { reportCommand } from './commands/report.js';
import { reproduceCommand } from './commands/reproduce.js';
import { resumeCommand } from './commands/resume.js';
import { spectrumCommand } from './commands/spectrum.js';
import { statusCommand } from './commands/status.js';
import { UsageError } from './commands/usage-error.js';
import { verifyCommand } from './commands/verify.js';
import { printableMessage } from './terminal.js';

/**
 * The command `hessian-rmt`. Sets the exit code: 0 when done, 2 when the command line asks for what is not possible,
 * 1 when the work failed. Errors are one line on standard error; HESSIAN_RMT_DEBUG adds where they come from.
 *
 * What a command needs is loaded when it runs, so that help and messages come at once.
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    refuseValuesOfFlags(argv);
    // No experiment is called like an option, so nothing needs this sign, behind which yargs would see no experiments.
    await parser(argv.filter((word) => word !== '--')).parseAsync();
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as Error)?.name === 'YError';
    const message = printableMessage(error instanceof Error ? error.message : String(error));
    console.error(`hessian-rmt: ${isUsage ? `${oneLine(message)} (see npx hessian-rmt ${helpFor(argv)})` : message}`);
    if (process.env.HESSIAN_RMT_DEBUG) console.error(error);
    process.exitCode = isUsage ? 2 : 1;
  }
}

const commands = [
  reproduceCommand,
  statusCommand,
  resumeCommand,
  cancelCommand,
  spectrumCommand,
  figuresCommand,
  compareCommand,
  reportCommand,
  verifyCommand,
  cacheCommand,
  dataCommand,
  doctorCommand,
] as CommandModule[];
const verbs = commands.map(({ command }) => String(command).split(' ')[0]);

/** Of yargs's messages, those that say too little; one has two forms for its plural, which the types do not know. */
const clearerMessages = {
  'Not enough arguments following: %s': '--%s: expected a value, found none',
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'expected another argument (found %s of %s)',
    other: 'expected another argument (found %s of %s)',
  },
};

function parser(argv: readonly string[]) {
  const built = yargs([...argv]);
  return built
    .scriptName('hessian-rmt')
    .usage('$0 <command>\n\nReplications of four papers on Hessian spectra of neural networks, claim by claim.')
    .command(commands)
    .demandCommand(1, `expected a command: ${verbs.join(', ')}`)
    .strict()
    .recommendCommands()
    .example('$0 reproduce', 'every experiment at its quick profile')
    .example('$0 compare', 'what is published beside what was measured')
    .example('$0 spectrum model.npz --data x.npy --labels y.npy', 'a network of your own')
    .epilogue('Each command has a --help of its own. docs/cli.md holds them all.')
    .version(version())
    .help()
    .alias('help', 'h')
    .locale('en')
    .updateStrings(clearerMessages as never)
    .wrap(100)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(withSuggestion(message, optionsOf(built)));
    });
}

/** The options of the command that is being parsed: yargs tells them, but its types do not. */
function optionsOf(parser: unknown): readonly string[] {
  return Object.keys((parser as { getOptions?(): { key: object } }).getOptions?.().key ?? {});
}

/** `Unknown argument: seeed (did you mean --seed?)` */
function withSuggestion(message: string, options: readonly string[]): string {
  const [, unknown] = /^Unknown argument: (.+)$/.exec(message) ?? [];
  const meant = unknown === undefined ? undefined : nearestTo(unknown, options);
  return meant === undefined ? message : `${message} (did you mean --${meant}?)`;
}

/** yargs takes every other value for false. */
function refuseValuesOfFlags(argv: readonly string[]): void {
  for (const word of argv) {
    const [, name, value] = /^--(force|json|all|stale|dry-run|yes|detach|estimate)=(.*)$/.exec(word) ?? [];
    if (name === undefined || value === 'true' || value === 'false') continue;
    throw new UsageError(`--${name}: expected no value, found "${value}"`);
  }
}

/** `compare --help` for what went wrong in compare. */
function helpFor(argv: readonly string[]): string {
  const verb = argv.find((word) => verbs.includes(word));
  return verb ? `${verb} --help` : '--help';
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
