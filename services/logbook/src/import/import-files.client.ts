import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { load } from '@ateneo/event-sourcing';
import { type FileMeta, Files, type OpenedFile, type StoredFile } from '@ateneo/files';
import { Platform, ServiceRuntime } from '@ateneo/service-kit';
import { type Import, logbookImport } from './import.decider.js';
import { imports, type KnownImport } from './imports.projection.js';

/** A checked import that nobody confirms loses its file after a day. */
export const KEPT_MS = 24 * 3_600_000;

/** The files of imports: the CSV, which names people, and the fates of its rows. */
@Injectable()
export class ImportFiles {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly files: Files,
  ) {}

  open(fileId: string): Promise<OpenedFile | undefined> {
    return this.files.open(fileId);
  }

  put(content: Readable, meta: FileMeta): Promise<StoredFile> {
    return this.files.put(content, meta);
  }

  /** Imports at a stage, by whether they came there before or after the same moment of yesterday. */
  async since(is: KnownImport['is'], matches: (since: string, aDayAgo: string) => boolean): Promise<KnownImport[]> {
    const aDayAgo = new Date(this.platform.clock.now() - KEPT_MS).toISOString();
    return (await this.runtime.collection(imports).find({ where: { is } })).filter(({ since }) => matches(since, aDayAgo));
  }

  /** What a kill between the last row and the deletion left behind. */
  async dropCsv(importId: string): Promise<void> {
    const { state } = await load(logbookImport, importId, this.runtime);
    if (state.is !== 'absent') await this.files.delete(state.fileId);
  }

  /** The rows stand as entries now, or never will: the file itself, which names people, goes. */
  async delete(state: Exclude<Import, { is: 'absent' }>): Promise<void> {
    await this.files.delete(state.fileId);
    if ('fatesFileId' in state) await this.files.delete(state.fatesFileId);
  }
}
