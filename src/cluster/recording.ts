import { open } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import { castHeader, castLine, type CastEvent, type CastHeader } from '../domain/asciicast';

/** A disk that falls further behind is not waited for: nobody should wait for a recording. */
const longestBacklog = 64 * 2 ** 20;

/** The part of `node:fs` that is needed. */
export interface RecordingFile {
  write(text: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>;
  chmod(mode: number): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export interface RecordingOptions extends Omit<CastHeader, 'startMs'> {
  /** Overwritten where it exists. */
  readonly file: string;
  /** Whether what is typed is recorded too. */
  readonly hasInput: boolean;
  readonly clock: Clock;
  /** Once, when it ended by itself: a sentence with the reason. The file holds what was recorded until then. */
  readonly onFailed: (reason: string) => void;
  readonly openFile?: (file: string) => Promise<RecordingFile>;
}

/** Creates the file, for its owner only, and begins. Throws what the file system says. */
export async function startRecording(options: RecordingOptions): Promise<Recording> {
  const file = await (options.openFile ?? openPrivate)(options.file);
  try {
    // An existing file keeps its mode when it is opened.
    await file.chmod(0o600);
  } catch (error) {
    await file.close();
    throw error;
  }
  return new Recording(file, options);
}

/** Writes what a terminal shows as asciicast version 2. What it is given it takes at once; a failing disk ends it and nothing else. */
export class Recording implements Disposable {
  readonly #options: RecordingOptions;
  readonly #startMs: number;
  // A character may be cut in two by the pieces it comes in.
  readonly #decoder = new TextDecoder();
  #file: RecordingFile | undefined;
  #waiting: string[];
  #waitingLength = 0;
  #written = 0;
  #writing: Promise<void> | undefined;

  constructor(file: RecordingFile, options: RecordingOptions) {
    this.#file = file;
    this.#options = options;
    this.#startMs = options.clock.now();
    this.#waiting = [castHeader({ ...options, startMs: this.#startMs })];
    this.#flush();
  }

  get file(): string {
    return this.#options.file;
  }

  /** Epoch. */
  get startMs(): number {
    return this.#startMs;
  }

  get hasInput(): boolean {
    return this.#options.hasInput;
  }

  output(bytes: Uint8Array): void {
    this.#add('o', this.#decoder.decode(bytes, { stream: true }));
  }

  input(text: string): void {
    if (this.#options.hasInput) {
      this.#add('i', text);
    }
  }

  resize(columns: number, rows: number): void {
    this.#add('r', `${columns}x${rows}`);
  }

  mark(label: string): void {
    this.#add('m', label);
  }

  /** Resolves when everything is in the file. */
  async stop(): Promise<void> {
    this.#add('o', this.#decoder.decode());
    const file = this.#file;
    while (this.#writing) {
      await this.#writing;
    }
    if (file && this.#file === file) {
      this.#file = undefined;
      await file.close();
    }
  }

  dispose(): void {
    void this.stop().catch(() => undefined);
  }

  #add(kind: CastEvent[1], data: string): void {
    if (data === '' || !this.#file) {
      return;
    }
    const line = castLine([(this.#options.clock.now() - this.#startMs) / 1000, kind, data]);
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength > longestBacklog) {
      void this.#fail(this.#file, t('The disk is too slow for this recording.'));
      return;
    }
    this.#flush();
  }

  #flush(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0 && this.#file) {
        this.#flush();
      }
    });
  }

  async #write(): Promise<void> {
    const file = this.#file;
    const bytes = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#waitingLength = 0;
    try {
      for (let done = 0; file && done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.#written + done);
        done += bytesWritten;
      }
      this.#written += bytes.length;
    } catch (error) {
      await this.#fail(file, isFull(error) ? t('The disk is full. Make room or record elsewhere.') : error instanceof Error ? error.message : String(error));
    }
  }

  /** Leaves whole lines in the file. */
  async #fail(file: RecordingFile | undefined, reason: string): Promise<void> {
    if (!file || this.#file !== file) {
      return;
    }
    this.#file = undefined;
    this.#waiting = [];
    await file.truncate(this.#written).catch(() => undefined);
    await file.close().catch(() => undefined);
    this.#options.onFailed(reason);
  }
}

async function openPrivate(file: string): Promise<RecordingFile> {
  return open(file, 'w', 0o600);
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
