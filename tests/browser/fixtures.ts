// What every browser test shares: one county per worker, signing in by role, and the watch on the
// console of the browser: a page error or a failed request fails the test.
import { test as base, expect, type Page } from '@playwright/test';
import { type Client, type Role, Server } from './server';

interface Shared {
  county: Server;
}
interface Each {
  /** Opens the console as this role and waits for its start page; the form itself has its own tests. */
  enter: (role: Role, page?: Page) => Promise<void>;
  /** The same on the API. */
  as: (role: Role) => Promise<Client>;
  /** Failed requests and page errors so far; a test that provokes some empties it. */
  troubles: string[];
}

/** Collects what must not happen on a page. The first look for a session is a 401 by design. */
export function watch(page: Page, troubles: string[]): void {
  page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) {
      troubles.push(`console: ${message.text()}`);
    }
  });
  page.on('response', (answer) => {
    const isFirstLook = answer.status() === 401 && answer.url().endsWith('/v1/sessions/current');
    if (answer.status() >= 400 && !isFirstLook) {
      troubles.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`);
    }
  });
}

export async function signIn(page: Page, server: Server, role: Role): Promise<void> {
  const { login_name, password } = server.login(role);
  await page.goto(`${server.address}/sign_in`);
  await page.getByLabel('登录名').fill(login_name);
  await page.getByRole('textbox', { name: '密码' }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation').first()).toBeVisible();
}

/** The session of the role as a browser would have kept it. */
export async function open(page: Page, server: Server, role: Role): Promise<void> {
  const { cookie } = await server.client(role);
  const cookies = cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url: server.address };
  });
  await page.context().addCookies(cookies);
  await page.goto(server.address);
  await expect(page.getByRole('navigation').first()).toBeVisible();
}

export const test = base.extend<Each, Shared>({
  county: [
    // Playwright asks for the empty pattern.
    async ({}, use) => {
      const server = await Server.county();
      await use(server);
      await server.remove();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  troubles: async ({ page }, use) => {
    const troubles: string[] = [];
    watch(page, troubles);
    await use(troubles);
    expect(troubles).toEqual([]);
  },
  enter: async ({ page, county, troubles: _ }, use) => {
    await use((role, other) => open(other ?? page, county, role));
  },
  as: async ({ county }, use) => {
    await use((role) => county.client(role));
  },
});

export { expect };
