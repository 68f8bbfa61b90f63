import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import {
  commands, CompletionItem, type CompletionList, Diagnostic, Disposable, EventEmitter, languages, Position, Range, Uri, workspace, type TextDocument,
} from 'vscode';
import { uriOf } from '../../../src/vscode/target';
import { keepApart, type Neighbour, type YamlExtension } from '../../../src/vscode/yamlNeighbour';
import { until } from '../../until';
import { activateAgain, connected, deactivate, extension } from './support';

/** What a YAML extension is to us: it judges and completes every YAML document. */
function yamlNeighbour(): Disposable {
  const found = languages.createDiagnosticCollection('YAML');
  const judge = (document: TextDocument) => {
    if (document.languageId === 'yaml') {
      const broken = document.getText().split('\n').flatMap((line, index) => (line.includes(' "unclosed') ? [index] : []));
      found.set(document.uri, [0, ...broken].map((line) => {
        const finding = new Diagnostic(new Range(line, 0, line, 1), 'what the neighbour says');
        finding.source = 'YAML';
        return finding;
      }));
    }
  };
  workspace.textDocuments.forEach(judge);
  return Disposable.from(found, workspace.onDidOpenTextDocument(judge), languages.registerCompletionItemProvider({ language: 'yaml' }, {
    provideCompletionItems: () => [new CompletionItem('neighbour')],
  }));
}

/** What a Kubernetes extension is to us: it shows objects under a scheme of its own. */
function kubernetesNeighbour(text: string): Disposable {
  return workspace.registerTextDocumentContentProvider('kubernetes', { provideTextDocumentContent: () => text });
}

/** What a YAML extension offers others, as far as it is used; it asks for schemas when a file is opened. One contributor has one for every file, as the Kubernetes extension has for what its cluster serves. */
class SchemaNeighbour implements Neighbour {
  readonly #contributors = new Map<string, { readonly schemaOf: (resource: string) => string | undefined; readonly label: RegExp | undefined }>();

  activate(): Promise<YamlExtension> {
    return Promise.resolve({
      registerContributor: (scheme, schemaOf, _, label) => {
        const isFree = !this.#contributors.has(scheme);
        if (isFree) {
          assert.ok(!label?.includes(':'), 'it would be read as a field and its value');
          this.#contributors.set(scheme, { schemaOf, label: label === undefined ? undefined : new RegExp(label) });
        }
        return isFree;
      },
    });
  }

  get isTold(): boolean {
    return this.#contributors.has('dvp-manifest');
  }

  addKubernetes(): void {
    this.#contributors.set('kubernetes', { schemaOf: () => 'kubernetes://schema', label: undefined });
  }

  schemasOf(document: TextDocument): readonly string[] {
    const found: string[] = [];
    for (const { schemaOf, label } of this.#contributors.values()) {
      const schema = schemaOf(document.uri.toString());
      if (label?.test(document.getText())) {
        assert.ok(schema, 'it would be left without any answer');
        return [schema];
      }
      found.push(...(schema === undefined ? [] : [schema]));
    }
    return found;
  }
}

const machine = `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualMachine
metadata:
  name: neighbourly
spec:
  runPolcy: AlwaysOn
`;

const bySource = (uri: Uri, source: string) => languages.getDiagnostics(uri).filter(({ source: own }) => own === source);
const ours = (uri: Uri) => languages.getDiagnostics(uri).filter(({ source }) => source !== 'YAML');

async function open(content: string): Promise<TextDocument> {
  return workspace.openTextDocument({ language: 'yaml', content });
}

async function labelsAt(document: TextDocument, position: Position): Promise<string[]> {
  const { items } = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', document.uri, position);
  return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

async function staysApart(): Promise<void> {
  const manifest = await open(machine);
  const found = await until(() => (ours(manifest.uri).length > 0 && bySource(manifest.uri, 'YAML').length > 0 ? ours(manifest.uri) : undefined), 'both have judged the manifest');
  const seen = found.map(({ message, range }) => `${range.start.line}:${range.start.character} ${message}`);
  assert.deepEqual([...new Set(seen)], seen, 'nothing is said twice');
  assert.equal(found.filter(({ message }) => message.includes('runPolcy')).length, 1);
  const labels = await labelsAt(manifest, new Position(5, 2));
  assert.ok(labels.includes('neighbour') && labels.includes('runPolicy'), labels.join());
  assert.equal(labels.filter((label) => label === 'runPolicy').length, 1);

  const broken = await open(`${machine.replace('runPolcy: AlwaysOn', 'runPolicy: "unclosed')}---\n${machine}`);
  await until(() => ours(broken.uri).some(({ message }) => message.includes('runPolcy')), 'the second document is judged');
  await until(() => bySource(broken.uri, 'YAML').length === 2 && ours(broken.uri).length === 1, 'what is broken is told once');

  const foreign = await open('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replcas: 2\n');
  await until(() => bySource(foreign.uri, 'YAML').length > 0, 'the neighbour has judged the foreign document');
  assert.deepEqual(await labelsAt(foreign, new Position(5, 2)).then((labels) => labels.filter((label) => label === 'replicas')), []);
  // Findings come in the order in which documents were opened, so the manifest's new ones mean that the other was passed over.
  const later = await open(machine.replace('runPolcy', 'runPolizy'));
  await until(() => ours(later.uri).length > 0, 'a later manifest is judged');
  assert.deepEqual(ours(foreign.uri), []);
}

suite('Other extensions', () => {
  const neighbours: Disposable[] = [];
  teardown(async () => {
    neighbours.splice(0).forEach((neighbour) => void neighbour.dispose());
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('F46: beside a YAML extension that came later, nothing is said or offered twice', async () => {
    await extension();
    neighbours.push(yamlNeighbour());
    await staysApart();
  });

  test('F46: nor beside one that was there first', async () => {
    await extension();
    await deactivate();
    neighbours.push(yamlNeighbour());
    await activateAgain();
    await staysApart();
  });

  test('F46: a YAML extension is told which files are not for its schemas, installed before or later', async () => {
    for (const isFirst of [true, false]) {
      const neighbour = new SchemaNeighbour();
      const installations = new EventEmitter<void>();
      neighbours.push(installations);
      let installed: SchemaNeighbour | undefined;
      if (isFirst) {
        neighbour.addKubernetes();
        installed = neighbour;
      }
      const apart = keepApart(assert.ifError, () => installed, installations.event);
      installed = neighbour;
      installations.fire();
      await until(() => neighbour.isTold, 'the neighbour is told');
      if (!isFirst) {
        neighbour.addKubernetes();
      }
      const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n';
      const both = await open(`# Two machines.\n${machine}---\n${machine.replace('apiVersion: virtualization.deckhouse.io/v1alpha2', 'apiVersion: "virtualization.deckhouse.io/v1alpha2"')}`);
      const [schema, ...others] = neighbour.schemasOf(both);
      assert.deepEqual([schema?.startsWith('dvp-manifest:'), others], [true, []], 'nobody else is heard');
      assert.deepEqual(neighbour.schemasOf(await open(deployment)), ['kubernetes://schema']);
      assert.deepEqual(neighbour.schemasOf(await open(`${machine}---\n${deployment}`)), ['kubernetes://schema'], 'it goes on with what is its own');
      const manifest = await open(machine);
      assert.equal(neighbour.schemasOf(manifest).length, 1);
      apart.dispose();
    }
  });

  test('F47: beside an extension that shows Kubernetes objects, each answers for its own scheme', async () => {
    const session = await connected(await extension());
    neighbours.push(kubernetesNeighbour(machine));
    const theirs = await workspace.openTextDocument(Uri.parse('kubernetes:/virtualmachine/neighbourly.yaml'));
    assert.equal(theirs.getText(), machine);
    const [object] = session.view.list('VirtualMachine') ?? [];
    assert.ok(object);
    const own = uriOf({ context: session.context.id, kind: 'VirtualMachine', name: object.metadata.name, namespace: object.metadata.namespace ?? '' }, 'yaml');
    assert.equal(own.scheme, 'dvp');
    const shown = await workspace.openTextDocument(own);
    assert.ok(shown.getText().includes(`name: ${object.metadata.name}`));
    const { context } = await extension();
    const { contributes } = context.extension.packageJSON as { contributes: { commands: readonly { command: string }[] } };
    assert.deepEqual(contributes.commands.map(({ command }) => command).filter((command) => !command.startsWith('dvp.')), []);
  });
});

suite('Network', () => {
  /** Where sockets of this process were connected to while `work` went on; pipes are none of the network. */
  async function connectionsDuring(work: () => Promise<void>): Promise<string[]> {
    const targets = new Set<string>();
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const original = Socket.prototype.connect;
    Socket.prototype.connect = function connect(this: Socket, ...args: unknown[]) {
      const [first, second] = args.flat() as ({ host?: string; port?: number | string; path?: string } | number | string)[];
      if (typeof first === 'object' && first.path === undefined) {
        targets.add(`${first.host ?? 'localhost'}:${first.port ?? ''}`);
      } else if (typeof first === 'number') {
        targets.add(`${typeof second === 'string' ? second : 'localhost'}:${first}`);
      }
      return Reflect.apply(original, this, args) as Socket;
    };
    try {
      await work();
    } finally {
      Socket.prototype.connect = original;
    }
    return [...targets];
  }

  test('F45: nobody but the cluster is connected to while activating, connecting and judging manifests', async () => {
    await extension();
    await deactivate();
    let server = '';
    const targets = await connectionsDuring(async () => {
      const session = await connected(await activateAgain());
      server = new URL(session.context.server ?? '').host;
      const document = await open(machine);
      await until(() => ours(document.uri).length > 0, 'the manifest is judged');
    });
    assert.deepEqual(targets, [server]);
  });

  test('F45: a connection to anybody else would be seen', async () => {
    const targets = await connectionsDuring(() => new Promise((resolve) => {
      const socket = new Socket().on('error', () => undefined).on('close', () => resolve());
      socket.connect(9, '127.0.0.1');
    }));
    assert.deepEqual(targets, ['127.0.0.1:9']);
  });
});
