import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type Deadline, load } from '@ateneo/event-sourcing';
import { type FileMeta, Files, type StoredFile } from '@ateneo/files';
import { type Component, Platform, ServiceDeadlines, ServiceRuntime } from '@ateneo/service-kit';
import { report } from './report.decider.js';

/** `reportId`: the report that is to refer to the file. */
type Passing = { readonly name: string; readonly reportId?: string };

/** Files that nothing refers to yet, and downloads of many reports, are kept for a day. */
const KEPT_MS = 24 * 3_600_000;
const deadlineOf = (fileId: string): string => `report-file/${fileId.split('.')[0]}`;

/** Files that go by themselves: a stored deadline stands before the first byte, so that none is left after a kill. */
@Injectable()
export class PassingFiles implements Component {
  readonly #deadlines: ServiceDeadlines;
  readonly #downloads = new Map<string, StoredFile>();

  constructor(
    runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly files: Files,
  ) {
    this.#deadlines = new ServiceDeadlines(runtime, (deadline) => this.#drop(deadline, runtime));
  }

  start(): Promise<void> {
    return this.#deadlines.start();
  }

  /** Downloads are known to this instance alone: they go with it, after a kill at their deadline. */
  async stop(): Promise<void> {
    for (const { fileId } of this.#downloads.values()) await this.delete(fileId);
    await this.#deadlines.stop();
  }

  /** A file of a report, which keeps it once it refers to it. */
  putOf(reportId: string, content: Uint8Array, meta: FileMeta): Promise<StoredFile> {
    return this.#put(content, meta, reportId);
  }

  download(key: string): StoredFile | undefined {
    return this.#downloads.get(key);
  }

  async putDownload(key: string, content: Readable, meta: FileMeta): Promise<StoredFile> {
    const stored = await this.#put(content, meta);
    this.#downloads.set(this.#downloads.has(key) ? `${key} ${stored.fileId}` : key, stored);
    return stored;
  }

  async delete(fileId: string): Promise<void> {
    await this.files.delete(fileId);
    await this.#deadlines.cancel(deadlineOf(fileId));
  }

  #put(content: Readable | Uint8Array, meta: FileMeta, reportId?: string): Promise<StoredFile> {
    const announced = (name: string): Promise<void> => {
      const passing: Passing = { name, reportId };
      return this.#deadlines.schedule(deadlineOf(name), this.platform.clock.now() + KEPT_MS, passing);
    };
    return this.files.put(content, meta, { announced });
  }

  async #drop({ payload }: Deadline, runtime: ServiceRuntime): Promise<void> {
    const { name, reportId } = payload as Passing;
    if (reportId !== undefined && (await refersTo(reportId, name, runtime))) return;
    for (const [key, { fileId }] of this.#downloads) if (fileId.startsWith(`${name}.`)) this.#downloads.delete(key);
    await this.files.delete(name);
  }
}

async function refersTo(reportId: string, name: string, runtime: ServiceRuntime): Promise<boolean> {
  const { state } = await load(report, reportId, runtime);
  if (state.is === 'absent') return false;
  const refs = [state.fileRef, state.modelRef, ...(state.is === 'registered' ? [state.registered.fileRef] : [])];
  return refs.some((ref) => ref.startsWith(`${name}.`));
}
