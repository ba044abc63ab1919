import { codeFindings, importFindings } from './architecture.mjs';
import { roleFindings } from './roles.mjs';
import { testFileFindings } from './spec-files.mjs';

/** Every rule of the repository over the tree at `root`: the same for the real one and for the probes. */
export const allFindings = async (root) => [
  ...(await importFindings(root)),
  ...roleFindings(root),
  ...testFileFindings(root),
  ...(await codeFindings(root)),
];
