// npm test: checks of the repository and every spec. With folders, files or parts of their paths those specs alone; -t «words» runs the tests whose title holds them.
import { onProjectNode, root } from './node24.mjs';

if (await onProjectNode()) {
  const { newTally, printClosing } = await import('./tally.mjs');
  const { CHECKS, checkJobs } = await import('./checks.mjs');
  const { runJobs } = await import('./jobs.mjs');
  const { onceGot, sharingKeycloak } = await import('./shared-servers.mjs');
  const { specJobs } = await import('./spec-run.mjs');
  const { jestJobs } = await import('./jest-run.mjs');
  const { isBesideCode, specFiles } = await import('./spec-files.mjs');
  const { chosenSpecs, wordsOf } = await import('./chosen-specs.mjs');
  const serversOf = async (specs) => {
    await import('./swc-hook.mjs');
    return (await import('./containers.ts')).openServers(specs);
  };
  const tally = newTally();
  try {
    const { words, name } = wordsOf(process.argv.slice(2));
    const files = chosenSpecs(root, specFiles(root), words);
    const checks = words.length === 0 && name === undefined ? checkJobs(CHECKS, tally) : [];
    const beside = files.filter(isBesideCode);
    const apart = files.filter((file) => !isBesideCode(file));
    const specs = onceGot(root, sharingKeycloak(root, specJobs(root, apart, tally, { name })));
    const servers = await serversOf(apart);
    await runJobs([...checks, ...jestJobs(root, beside, tally, { name }), ...specs]).finally(() => servers.close());
    if (servers.told !== '') console.log(`\nservers:\n${servers.told}`);
    if (name !== undefined && tally.passed + tally.failed + tally.skipped.length === 0) throw new Error(`no test is called «${name}»`);
    printClosing(tally);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
