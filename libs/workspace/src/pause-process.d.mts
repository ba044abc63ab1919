/**
 * Stops a process (`group`: the whole group that it leads) and resolves once every thread of it stands still; a signal that was sent has not yet
 * stopped anything. SIGCONT wakes it. Throws where nothing has stopped after 10 s.
 */
export function pauseProcess(pid: number, options?: { readonly group?: boolean }): Promise<void>;
/** Resolves once every thread of a process that stops, or was told to, stands still. Throws after 10 s. */
export function processStopped(pid: number, options?: { readonly group?: boolean }): Promise<void>;
