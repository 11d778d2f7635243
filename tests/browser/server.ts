// Starts the real server on a temporary folder: empty, or with the small generated county of
// `dianma-server demo`. Tests talk to it by browser or by the public API; nothing is read from or kept in
// the repository.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const binaries = process.env.DIANMA_BINARIES ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug');
const START_MS = 180_000;
/** People with a phone: enough to be sent to any kind of work. */
const PHONES = 8;

export type Role =
  | 'administrator' | 'dispatcher' | 'reviewer' | 'agent' | 'manager';
type Login = { login_name: string; password: string; role: string };

export interface Order {
  id: string;
  order_number: string;
  version: number;
  state: string;
  content: string;
}

/** A signed-in person on the API, without a browser. */
export class Client {
  private constructor(
    readonly address: string,
    readonly cookie: string,
    private readonly csrf: string,
  ) {}

  static async signIn(address: string, login: Login): Promise<Client> {
    const answer = await fetch(`${address}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login_name: login.login_name, password: login.password }),
    });
    if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    const { session } = (await answer.json()) as { session: { csrf_token: string } };
    const cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; ');
    return new Client(address, cookie, session.csrf_token);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.address + path, {
      method,
      headers: { 'content-type': 'application/json', cookie: this.cookie, 'x-csrf-token': this.csrf },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Takes a request in for a customer of the county and gives back the draft. */
  async takeIn(content: string, more: Record<string, unknown> = {}): Promise<Order> {
    const body = { content, source: 'phone', ...more };
    return (await this.call<{ work_order: Order }>('POST', '/v1/intake/requests', body)).work_order;
  }

  /** Imports a file of one kind through the public door and waits until it is done. */
  async importFile(kind: string, name: string, file: string): Promise<void> {
    const answer = await fetch(`${this.address}/v1/imports?record_kind=${kind}&file_name=${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', cookie: this.cookie, 'x-csrf-token': this.csrf },
      body: file,
    });
    if (!answer.ok) throw new Error(`import of ${name}: ${answer.status} ${await answer.text()}`);
    let found = ((await answer.json()) as { import: { id: string; state: string } }).import;
    while (found.state === 'running') {
      await new Promise((done) => setTimeout(done, 200));
      found = (await this.call<{ import: typeof found }>('GET', `/v1/imports/${found.id}`)).import;
    }
  }

  async read(id: string): Promise<Order> {
    return (await this.call<{ work_order: Order }>('GET', `/v1/work_orders/${id}`)).work_order;
  }

  async customers(limit: number): Promise<{ id: string; account_number: string }[]> {
    const path = `/v1/customers?limit=${limit}`;
    return (await this.call<{ customers: { id: string; account_number: string }[] }>('GET', path)).customers;
  }
}

/** A phone as any phone enrols; without one nobody can be sent. */
async function enrol(address: string, { login_name, password }: Login): Promise<void> {
  const answer = await fetch(`${address}/v1/devices/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login_name, password, model: 'browser test', os_version: 'none', app_version: '0.1.0' }),
  });
  if (!answer.ok) throw new Error(`enrolment: ${answer.status} ${await answer.text()}`);
}

/** The demo writes its logins after the address; both come within a moment of each other. */
async function loginsOf(file: string): Promise<Login[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (existsSync(file)) {
      const text = readFileSync(file, 'utf8');
      if (text.trimEnd().endsWith('}')) return (JSON.parse(text) as { logins: Login[] }).logins;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no logins in ${file}`);
}

export class Server {
  private constructor(
    private child: ChildProcess,
    readonly address: string,
    readonly token: string | null,
    private readonly data: string,
    private readonly logins: Login[],
    private said: () => string,
  ) {}

  private readonly clients = new Map<Role, Promise<Client>>();

  /** All the server wrote so far: what a log would hold. */
  get output(): string {
    return this.said();
  }

  /** An empty server, waiting for its first administrator. */
  static empty(): Promise<Server> {
    return Server.start(['serve'], mkdtempSync(join(tmpdir(), 'dianma-browser-')));
  }

  /** Some days of history of the generated county, and phones enrolled for the people the demo lists. */
  static async county(days = 2): Promise<Server> {
    const server = await Server.start(['demo', '--days', String(days)], mkdtempSync(join(tmpdir(), 'dianma-browser-')));
    await Promise.all(
      server.logins
        .filter((login) => login.role === 'electrician')
        .slice(0, PHONES)
        .map((login) => enrol(server.address, login)),
    );
    return server;
  }

  private static async start(command: string[], data: string, listen = '127.0.0.1:0'): Promise<Server> {
    const child = spawn(join(binaries, 'dianma-server'), [...command, '--data', data, '--listen', listen], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const address = await new Promise<string>((done, fail) => {
      const late = setTimeout(() => fail(new Error(`the server did not come up: ${output}`)), START_MS);
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(late);
        done(found);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      child.once('exit', () => fail(new Error(`the server stopped: ${output}`)));
      child.once('error', fail);
    });
    const logins = command[0] === 'demo' ? await loginsOf(join(data, 'demo.json')) : [];
    return new Server(child, address, /token\): ([0-9a-f]+)/.exec(output)?.[1] ?? null, data, logins, () => output);
  }

  login(role: Role): Login {
    const found = this.logins.find((each) => each.role === role);
    if (found === undefined) throw new Error(`no login for ${role}`);
    return found;
  }

  /** Signed in once per role and server: checking a password is slow on purpose. */
  client(role: Role): Promise<Client> {
    const known = this.clients.get(role) ?? Client.signIn(this.address, this.login(role));
    this.clients.set(role, known);
    return known;
  }

  /** Ends the process at once, as a power cut would; the data stays. */
  async kill(): Promise<void> {
    const gone = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await gone;
  }

  /** Starts again on the same data and address. */
  async again(): Promise<void> {
    const before = this.said();
    // The generated county keeps the passphrase of its signing keys beside its data.
    const passphrase = join(this.data, 'demo-passphrase');
    const command = existsSync(passphrase) ? ['serve', '--passphrase-file', passphrase] : ['serve'];
    const next = await Server.start(command, this.data, this.address.replace('http://', ''));
    this.child = next.child;
    this.said = () => before + next.output;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}
