import { homedir } from 'node:os';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { Uri, window, workspace } from 'vscode';
import type { Disposable } from '../../base/disposable';
import { systemClock } from '../../base/timing';
import { startRecording, type Recording } from '../../cluster/recording';
import { UserError } from '../report';

export interface RecorderOptions {
  /** Of the machine. */
  readonly name: string;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Told when a recording begins or ends, and why where it ended by itself. */
  readonly onChange: (state: { readonly startMs?: number; readonly notice?: string }) => void;
}

/** Records one console into a file that the user chooses. */
export class ConsoleRecorder implements Disposable {
  readonly #options: RecorderOptions;
  #recording: Recording | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get recording(): Recording | undefined {
    return this.#recording;
  }

  /** Asks what to record and where to, and begins; ends the recording where there is one. */
  async toggle(): Promise<void> {
    const running = this.#recording;
    if (running) {
      this.#recording = undefined;
      await running.stop();
      this.#options.onChange({ notice: t('Recorded to {0}.', running.file) });
      return;
    }
    const output = { label: t('What the terminal shows'), hasInput: false };
    const input = { label: t('What the terminal shows and what is typed'), detail: t('Passwords that are typed will be in the file.'), hasInput: true };
    const what = await window.showQuickPick([output, input], { title: t('Record'), placeHolder: t('What to record') });
    const uri = what && await window.showSaveDialog({ filters: { [t('Recording')]: ['cast'] }, defaultUri: Uri.joinPath(defaultFolder(), `${this.#options.name}-${stamp(new Date())}.cast`) });
    if (!uri) {
      return;
    }
    if (uri.scheme !== 'file') {
      throw new UserError(t('A recording can only be written to a folder of this machine.'));
    }
    const recording: Recording = await startRecording({
      ...this.#options.size(), file: uri.fsPath, title: this.#options.name, hasInput: what.hasInput, clock: systemClock,
      onFailed: (reason) => {
        this.#recording = undefined;
        this.#options.onChange({ notice: t('The recording has ended: {0} What was recorded until then is in {1}.', reason, path.basename(uri.fsPath)) });
      },
    }).catch((error: unknown) => {
      throw new UserError(t('The recording cannot be written: {0}', error instanceof Error ? error.message : String(error)));
    });
    this.#recording = recording;
    this.#options.onChange({ startMs: recording.startMs });
  }

  dispose(): void {
    this.#recording?.dispose();
    this.#recording = undefined;
  }
}

/** Where files of a console go unless the user chooses another place. */
export function defaultFolder(): Uri {
  return workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri ?? Uri.file(homedir());
}

/** Local time, as a part of a file's name. */
function stamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
