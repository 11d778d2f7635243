// Starts the real server on a temporary database, signs the first administrator in, and makes people
// and orders through the public API. Everything is generated; nothing is read from or kept in the
// repository.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const binaries = process.env.DIANMA_BINARIES ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug');

export const PASSWORD = 'generated-for-tests';

export type Role = 'administrator' | 'dispatcher' | 'reviewer' | 'agent' | 'manager' | 'electrician';

export interface Order {
  id: string;
  order_number: string;
  version: number;
  state: string;
}

/** A signed-in person on the API, without a browser. */
export class Client {
  private constructor(
    readonly address: string,
    private readonly cookie: string,
    private readonly csrf: string,
  ) {}

  static async signIn(address: string, loginName: string): Promise<Client> {
    const answer = await fetch(`${address}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login_name: loginName, password: PASSWORD }),
    });
    return Client.from(address, answer);
  }

  static async from(address: string, answer: Response): Promise<Client> {
    if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    const { session } = (await answer.json()) as { session: { csrf_token: string } };
    const cookie = answer.headers.getSetCookie().map((each) => each.split(';', 1)[0]).join('; ');
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

  /** Takes a request in by address and gives back the draft. */
  async takeIn(content: string, more: Record<string, unknown> = {}): Promise<Order> {
    const body = { content, source: 'phone', address: '示例镇一村1组', ...more };
    const answer = await this.call<{ work_order: Order }>('POST', '/v1/intake/requests', body);
    return answer.work_order;
  }

  async read(id: string): Promise<Order> {
    return (await this.call<{ work_order: Order }>('GET', `/v1/work_orders/${id}`)).work_order;
  }
}

export class Server {
  private constructor(
    private child: ChildProcess,
    readonly address: string,
    readonly token: string | null,
    private readonly data: string,
  ) {}

  /** A server on an empty database, or again on the folder of a stopped one. */
  static async start(data = mkdtempSync(join(tmpdir(), 'dianma-browser-')), listen = '127.0.0.1:0'): Promise<Server> {
    const child = spawn(join(binaries, 'dianma-server'), ['serve', '--data', data, '--listen', listen], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    return new Promise((done, fail) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const address = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
        if (address === undefined) return;
        done(new Server(child, address, /token\): ([0-9a-f]+)/.exec(output)?.[1] ?? null, data));
      };
      child.stdout.on('data', read);
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      child.once('exit', () => fail(new Error(`the server stopped: ${output}`)));
      child.once('error', fail);
    });
  }

  /** Ends the process; the data stays for another start. */
  async stop(): Promise<void> {
    const gone = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await gone;
  }

  /** Starts again on the same data and the same address. */
  async again(): Promise<void> {
    const { child } = await Server.start(this.data, this.address.replace('http://', ''));
    this.child = child;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** The first administrator, through the door a person uses. */
  async setUp(): Promise<Client> {
    const answer = await fetch(`${this.address}/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token: this.token,
        login_name: 'administrator',
        display_name: '示例管理员',
        password: PASSWORD,
      }),
    });
    return Client.from(this.address, answer);
  }
}

/** One person of every role, three electricians of them, named after their role. */
export async function addPeople(administrator: Client): Promise<void> {
  const stations = await administrator.call<{ stations: { id: string }[] }>('GET', '/v1/stations');
  const station_id = stations.stations[0]?.id ?? null;
  const people: [string, string, Role][] = [
    ['dispatcher', '示例派工员', 'dispatcher'],
    ['reviewer', '示例审核员', 'reviewer'],
    ['agent', '示例坐席', 'agent'],
    ['manager', '示例管理人员', 'manager'],
    ['electrician1', '示例电工一', 'electrician'],
    ['electrician2', '示例电工二', 'electrician'],
    ['electrician3', '示例电工三', 'electrician'],
  ];
  for (const [login_name, display_name, role] of people) {
    await administrator.call('POST', '/v1/staff', {
      login_name,
      display_name,
      role,
      station_id,
      skills: role === 'electrician' ? ['fault_repair', 'meter_change', 'ad_hoc', 'safety_inspection'] : [],
      password: PASSWORD,
      is_on_duty: true,
      area_ids: [],
    });
  }
}
