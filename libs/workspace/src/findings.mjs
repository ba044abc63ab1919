import { codeFindings, importFindings } from './architecture.mjs';
import { declarationFindings } from './declared.mjs';
import { roleFindings } from './roles.mjs';
import { testFileFindings } from './spec-files.mjs';

/** Every rule of the repository over the tree at `root`: the same for the real one and for the probes. */
export const allFindings = async (root) => [
  ...(await importFindings(root)),
  ...roleFindings(root),
  ...declarationFindings(root),
  ...testFileFindings(root),
  ...(await codeFindings(root)),
];
