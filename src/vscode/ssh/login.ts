import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { CancellationError, QuickInputButtons, type QuickPickItem, QuickPickItemKind, Uri, window } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { type SshLogin, userProblem } from '../../domain/sshLogin';
import type { Memory } from '../memory';
import type { Target } from '../target';

/** How many machines are remembered; the oldest are forgotten first. */
const loginsKept = 500;

/** As whom the user logs in to a machine: as last time, asked where that is not known or the key is gone. */
export async function loginFor(target: Target, memory: Memory): Promise<SshLogin> {
  const known = memory.get('logins')[keyOf(target)];
  return known && (known.key === undefined || await isThere(known.key)) ? known : askLogin(target, memory);
}

/** Asks for user and key, and remembers them for the machine: the path of the key, never the key. */
export async function askLogin(target: Target, memory: Memory): Promise<SshLogin> {
  const known = memory.get('logins')[keyOf(target)];
  let user = known?.user ?? Object.values(memory.get('logins')).at(-1)?.user ?? '';
  for (;;) {
    user = await askUser(target, user);
    const chosen = await askKey(target, known?.key);
    if (chosen !== 'back') {
      const login: SshLogin = { user, ...chosen };
      const others = Object.entries(memory.get('logins')).filter(([other]) => other !== keyOf(target));
      memory.set('logins', Object.fromEntries([...others, [keyOf(target), login] as const].slice(-loginsKept)));
      return login;
    }
  }
}

function askUser({ name }: Target, value: string): Promise<string> {
  const input = Object.assign(window.createInputBox(), {
    title: t('Log in to "{0}"', name), step: 1, totalSteps: 2, value, placeholder: t('User in the guest'), prompt: t('The user as whom you log in to the guest'), ignoreFocusOut: true,
  });
  return shown(input, (store, resolve) => {
    store.add(input.onDidChangeValue(() => { input.validationMessage = undefined; }));
    store.add(input.onDidAccept(() => {
      const problem = userProblem(input.value.trim());
      if (problem === undefined) {
        resolve(input.value.trim());
      } else {
        input.validationMessage = problem;
      }
    }));
  });
}

interface KeyChoice extends QuickPickItem {
  readonly key?: string;
  readonly isOther?: boolean;
}

async function askKey({ name }: Target, known: string | undefined): Promise<Pick<SshLogin, 'key'> | 'back'> {
  const files = await keyFiles();
  const items: readonly KeyChoice[] = [
    { label: t('What ssh finds itself'), description: t('agent, usual keys, password') },
    ...(files.length > 0 ? [{ label: '', kind: QuickPickItemKind.Separator }] : []),
    ...[...new Set([...(known === undefined ? [] : [known]), ...files])].map((key) => ({ label: path.basename(key), description: path.dirname(key), key })),
    { label: t('Choose a file…'), isOther: true },
  ];
  const picker = Object.assign(window.createQuickPick<KeyChoice>(), {
    title: t('Log in to "{0}"', name), step: 2, totalSteps: 2, items, placeholder: t('Key: only its path is remembered'), buttons: [QuickInputButtons.Back], ignoreFocusOut: true,
    activeItems: items.filter((item) => item.key === known && !item.isOther && item.kind === undefined).slice(0, 1),
  });
  const chosen = await shown<KeyChoice | 'back'>(picker, (store, resolve) => {
    store.add(picker.onDidTriggerButton(() => resolve('back')));
    store.add(picker.onDidAccept(() => picker.selectedItems[0] && resolve(picker.selectedItems[0])));
  });
  if (chosen === 'back' || !chosen.isOther) {
    return chosen === 'back' ? chosen : chosen.key === undefined ? {} : { key: chosen.key };
  }
  const [file] = await window.showOpenDialog({ title: t('Choose a private key'), defaultUri: Uri.file(path.join(homedir(), '.ssh')) }) ?? [];
  return file ? { key: file.fsPath } : 'back';
}

/** Private keys beside their public halves, where ssh keeps them. */
async function keyFiles(): Promise<readonly string[]> {
  const folder = path.join(homedir(), '.ssh');
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => names.includes(`${name}.pub`)).sort().map((name) => path.join(folder, name));
}

interface Shown {
  show(): void;
  dispose(): void;
  onDidHide(listener: () => void): { dispose(): void };
}

/** Shows an input until `listen` resolves it; hiding it cancels. */
function shown<T>(input: Shown, listen: (store: DisposableStore, resolve: (value: T) => void) => void): Promise<T> {
  const store = new DisposableStore();
  store.add(input);
  return new Promise<T>((resolve, reject) => {
    listen(store, resolve);
    store.add(input.onDidHide(() => reject(new CancellationError())));
    input.show();
  }).finally(() => store.dispose());
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}

function keyOf({ context, namespace = '', name }: Target): string {
  return JSON.stringify([context, namespace, name]);
}
