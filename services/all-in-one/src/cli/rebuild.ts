import { AllInOne } from '../all-in-one.module.js';
import { argumentsOf, type Command, CommandError, dataFolder } from './command.js';
import { filesOf } from './data-files.js';

/** Folds a projection anew from the events, on a folder at rest; what stands there is read until the switch. */
export const rebuild: Command = {
  usage: 'rebuild <projection>',
  summary: 'folds a read model anew from the events; the platform must not run',
  async run(args, io) {
    const wanted = argumentsOf(args, 1, {}).positionals[0] as string;
    const { folder } = dataFolder(io);
    const services = filesOf(folder, 'events').map(({ service }) => service);
    const running = await AllInOne.startServices(io.environment);
    try {
      const found = services.flatMap((service) => {
        const runtime = running.runtime(service);
        return (runtime?.definition.projections ?? []).map((source) => ({
          runtime,
          service,
          name: (typeof source === 'function' ? source() : source).name,
        }));
      });
      const named = found.filter(({ service, name }) => name === wanted || `${service}.${name}` === wanted);
      if (named.length !== 1)
        throw new CommandError(
          `«${wanted}» is ${named.length === 0 ? 'no projection' : 'in several services'}; there are ${found.map(({ service, name }) => (name.startsWith(`${service}.`) ? name : `${service}.${name}`)).join(', ')}`,
        );
      const started = performance.now();
      await named[0]?.runtime?.runner.rebuild(named[0].name);
      io.say(`${wanted} rebuilt in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return 0;
    } finally {
      await running.close();
    }
  },
};
