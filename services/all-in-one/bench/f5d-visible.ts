import { onCluster } from './bench-cluster.js';
import { CONNECTIONS } from './bench-platform.js';
import { type Visible, visibleUnderLoad } from './f5-visible.js';

/** F5d: as F5, through NATS, JetStream and the read models of reporting in a process of its own. */
export async function f5d(): Promise<Visible> {
  return onCluster({ trainees: CONNECTIONS }, ({ cluster: { url }, world }) => visibleUnderLoad(url, world));
}
