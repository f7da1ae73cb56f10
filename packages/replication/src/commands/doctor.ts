import type { Argv, CommandModule } from 'yargs';
import { projectRoot } from '../find-experiments.js';
import { print, printAside } from '../terminal.js';
import { flagOption } from './options.js';

interface Arguments {
  json: boolean;
}

export const doctorCommand: CommandModule<object, Arguments> = {
  command: 'doctor',
  describe: 'Show what this machine has for a run, measured: libraries, backends, data sets, results',
  builder: (yargs) =>
    yargs
      .option('json', flagOption('Print the findings as JSON'))
      .example('$0 doctor', 'a few seconds; nothing is changed')
      .epilogue('What could not be tried on this machine is called untested.') as Argv<Arguments>,
  async handler({ json }) {
    const { diagnose } = await import('../doctor.js');
    const diagnosis = await diagnose(projectRoot(), (doing) => printAside(`${doing} ...`));
    if (json) print(JSON.stringify(diagnosis, null, 2));
    else print((await import('../doctor-text.js')).diagnosisText(diagnosis));
  },
};
