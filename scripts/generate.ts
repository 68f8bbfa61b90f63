import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Operation, operations } from '../src/domain/operations';
import { type CommandEntry, commandList, hasAbility, inlineId, inlineOperations, inTree, isOfRows } from '../src/vscode/commandList';
import { type Settings, settingDefaults } from '../src/vscode/settingTable';
import { isStartedDirectly, root } from './paths';
import { shownTexts } from './texts';

/** Where the groups of operations stand in the context menu; `1_open` and `7_copy` belong to the command list. */
const menuGroups: Readonly<Record<Operation['group'], string>> = {
  power: '3_power', change: '4_change', move: '5_move', protect: '6_protect', delete: '9_delete',
};

const treeFocused = 'focusedView =~ /^dvp\\.(?:explorer|attention)$/ && listFocus && !inputFocus';

type Json = Record<string, unknown>;

/** The files that follow from the lists, by their path in the repository, as they should be. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const manifest = await readJson('package.json');
  const contributes = { ...(manifest['contributes'] as Json), ...contributions() };
  const texts = await readJson('package.nls.json');
  return new Map([
    ['package.json', print({ ...manifest, contributes })],
    ['package.nls.json', print({ ...withoutCommands(texts), ...titles() })],
    ['l10n/bundle.l10n.json', print(Object.fromEntries(shownTexts().map((text) => [text, text])))],
  ]);
}

/** The paths of the files that do not agree with the lists. */
export async function outdated(): Promise<readonly string[]> {
  const wanted = [...await generated()];
  const actual = await Promise.all(wanted.map(([file]) => read(file)));
  return wanted.filter(([, text], index) => actual[index] !== text).map(([file]) => file);
}

/** Titles of all commands by their key in package.nls.json. */
export function titles(): Readonly<Record<string, string>> {
  return Object.fromEntries([...allCommands()].map(([id, entry]) => [`command.${id}`, entry.title]));
}

/** The defaults of all settings by their full name, as the code has them. */
export function settings(): Readonly<Record<string, Settings[keyof Settings]>> {
  return Object.fromEntries(Object.entries(settingDefaults).map(([key, value]) => [`dvp.${key}`, value as Settings[keyof Settings]]));
}

function contributions(): Json {
  const commands = [...allCommands()].flatMap(([id, entry]) => (isOfRows(entry) ? split(id, entry) : [[id, entry] as Named]));
  return {
    commands: commands.map(([id, { icon }, titleOf = id]) => ({
      command: `dvp.${id}`, title: `%command.${titleOf}%`, category: 'DVP',
      ...(icon ? { icon: `$(${icon})` } : {}),
      ...(['log', 'settings', 'docs', 'manifest'].includes(id.split('.')[0] ?? '') ? {} : { enablement: 'isWorkspaceTrusted' }),
    })),
    menus: {
      commandPalette: commands.filter(([, { palette }]) => palette !== true)
        .map(([id, { palette }]) => ({ command: `dvp.${id}`, when: String(palette) })),
      'view/title': placesIn('view/title', commands),
      'view/item/context': placesIn('view/item/context', commands),
    },
    keybindings: commands.flatMap(([id, { key }]) => (key ? [{ command: `dvp.${id}`, ...key, args: { from: 'tree' } }] : [])),
  };
}

type Named = readonly [id: string, entry: CommandEntry, titleOf?: string];

/** A command of rows, and the one at their end that does the same. */
function split(id: string, { key, ...entry }: CommandEntry): readonly Named[] {
  const places = Object.groupBy(entry.places ?? [], ({ group }) => (group.startsWith('inline') ? 'inline' : 'menu'));
  const atEnd: Named = [inlineId(id), { ...entry, palette: false, places: places.inline ?? [] }, id];
  return [[id, { ...entry, places: places.menu ?? [], ...(key && { key }) }], ...(places.inline ? [atEnd] : [])];
}

function placesIn(menu: string, commands: readonly Named[]): readonly Json[] {
  return commands.flatMap(([id, { places = [] }]) =>
    places.filter((place) => place.menu === menu).map(({ group, when }) => ({ command: `dvp.${id}`, when, group })));
}

function* allCommands(): Iterable<readonly [id: string, entry: CommandEntry]> {
  yield* Object.entries<CommandEntry>(commandList);
  let order = 0;
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    yield [id, entryOf(id, operation, ++order)];
  }
}

function entryOf(id: string, { title, icon, group }: Operation, order: number): CommandEntry {
  const when = `${inTree} && ${hasAbility(id)}`;
  const menu = { menu: 'view/item/context', group: `${menuGroups[group]}@${order}`, when } as const;
  return {
    title, icon, palette: 'dvp.connected',
    places: inlineOperations.includes(id) ? [{ ...menu, group: 'inline@2' }, menu] : [menu],
    ...(group === 'delete' ? { key: { key: 'delete', mac: 'cmd+backspace', when: treeFocused } } : {}),
  };
}

function withoutCommands(texts: Json): Json {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !key.startsWith('command.')));
}

async function read(file: string): Promise<string> {
  return readFile(path.join(root, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return '';
    }
    throw error;
  });
}

async function readJson(file: string): Promise<Json> {
  return JSON.parse(await read(file)) as Json;
}

function print(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

if (isStartedDirectly(import.meta.filename)) {
  const files = await outdated();
  if (process.argv.includes('--check')) {
    if (files.length > 0) {
      console.error(`Not up to date: ${files.join(', ')}. Run "npm run generate".`);
      process.exitCode = 1;
    }
  } else {
    const wanted = await generated();
    for (const file of files) {
      await writeFile(path.join(root, file), wanted.get(file) ?? '');
      console.log(`Wrote ${file}.`);
    }
  }
}
