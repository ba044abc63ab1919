// npm run lint: code rules, architecture rules, names of files, tests that no run reaches.
import { onProjectNode, root } from './node24.mjs';

if (await onProjectNode()) {
  const { allFindings } = await import('./findings.mjs');
  const findings = await allFindings(root);
  for (const { rule, file, message } of findings) console.log(`${rule}  ${file}\n    ${message}`);
  console.log(findings.length === 0 ? 'No rule is broken.' : `${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
