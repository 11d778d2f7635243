// Pictures of every page in both languages, and of what opens above them, taken from a running demo server:
//   npm run screenshots -- --data ../../.demo [--out FOLDER] [--docs] [--look NAME,NAME] [--page NAME,NAME]
// `--data` is the folder of `scripts/demo` (its demo.json has address and logins). `--docs` also puts
// the few that the README shows into docs/img.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withPalette } from './palette.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { chromium } = createRequire(join(root, 'server/console/package.json'))('@playwright/test');
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(root, '.demo') },
    out: { type: 'string', default: join(root, 'target/screenshots') },
    docs: { type: 'boolean', default: false },
    look: { type: 'string' },
    page: { type: 'string' },
  },
});
const demo = JSON.parse(readFileSync(join(values.data, 'demo.json'), 'utf8'));
const login = demo.logins.find((each) => each.role === 'administrator');

const PAGES = [
  ['overview', '/overview'],
  ['dispatch', '/dispatch'],
  ['intake', '/intake'],
  ['exceptions', '/exceptions'],
  ['quarantine', '/exceptions?tab=quarantine'],
  ['sources', '/exceptions?tab=sources'],
  ['imports', '/imports'],
  ['orders', '/orders'],
  ['review', '/review'],
  ['callbacks', '/callbacks'],
  ['customers', '/customers'],
  ['staff', '/staff'],
  ['devices', '/devices'],
  ['labels', '/labels'],
  ['kpis', '/kpis'],
  ['cards', '/settings/operation_cards'],
  ['prices', '/settings/price_list'],
  ['forms', '/settings/record_forms'],
  ['evidence', '/settings/evidence_requirements'],
  ['limits', '/settings/service_limits'],
  ['templates', '/settings/templates'],
  ['dispatch_policy', '/settings/dispatch_policy'],
  ['lifecycle', '/settings/lifecycle'],
  ['faults', '/settings/fault_codes'],
  ['permissions', '/settings/permissions'],
  ['audit', '/audit'],
];
// What opens above a page: its page, and what is pressed. Selectors, not words: the same in both languages.
const row = '.list-table .ant-table-row, .plain-list .ant-table-row';
// A list may be empty today: then the picture shows that.
const first = (selector) => async (page) => {
  const target = page.locator(selector).first();
  if ((await target.count()) > 0) await target.click();
};
const SCENES = [
  ['storm', '/dispatch?storm=1', async () => {}],
  ['key_help', '/overview', async (page) => page.keyboard.press('?')],
  ['views', '/orders', first('.page-tools .ant-btn')],
  ['columns', '/orders', async (page) => page.locator('.list-foot .ant-btn').nth(-2).click()],
  ['bulk', '/orders?tab=draft', async (page) => {
    for (const box of (await page.locator('.ant-table-row .ant-checkbox-input').all()).slice(0, 3)) await box.check();
  }],
  ['record', '/exceptions', first(row)],
  ['reject', '/review', async (page) => page.keyboard.press('r')],
  ['callback', '/callbacks', first(row)],
  ['person', '/staff', first(row)],
  ['enrol', '/devices', first('.page-tools .ant-btn')],
  ['label', '/labels', first(row)],
  ['labels_poor', '/labels?show=poor', async () => {}],
  ['print', '/labels', first('.page-tools .ant-btn-primary')],
  ['places', '/labels', first('.page-tools .ant-btn')],
  ['kpi_orders', '/kpis?counted=denominator', async () => {}],
];
// What the README shows: page, look, language.
const IN_DOCS = [
  ['dispatch', 'desk', 'zh-CN'],
  ['order', 'desk', 'zh-CN'],
  ['review', 'desk', 'zh-CN'],
  ['kpis', 'desk', 'zh-CN'],
  ['labels', 'desk', 'zh-CN'],
  ['overview', 'desk', 'zh-CN'],
  ['orders', 'night', 'en'],
  ['cards', 'desk', 'en'],
];
const LOOKS = [
  { name: 'desk', width: 1366, height: 768, isDark: false, languages: ['zh-CN', 'en'] },
  { name: 'night', width: 1366, height: 768, isDark: true, languages: ['zh-CN', 'en'] },
  { name: 'wide', width: 1920, height: 1080, isDark: false, languages: ['zh-CN', 'en'] },
  { name: 'phone', width: 375, height: 720, isDark: false, languages: ['zh-CN'] },
];
const LARGEST = 150 * 1024;

async function settle(page) {
  await page.waitForFunction(() => document.querySelector(".ant-skeleton") === null, undefined, { timeout: 15_000 });
  await page.waitForTimeout(700);
}

/** An archived order with cost and evidence, and a customer: the first the API gives. */
async function details(page) {
  const orders = await page.evaluate(async () => (await fetch('/v1/work_orders?state=archived&limit=30')).json());
  const order = orders.work_orders.find((each) => each.total_fen > 0 && each.evidence_arrived > 1) ?? orders.work_orders[0];
  const open = await page.evaluate(async () => (await fetch('/v1/work_orders?state=working&limit=1')).json());
  const customers = await page.evaluate(async () => (await fetch('/v1/customers?limit=1')).json());
  return [
    ['order', `/orders/${order.id}`],
    ['order_open', `/orders/${open.work_orders[0]?.id ?? order.id}`],
    ['customer', `/customers/${customers.customers[0].id}`],
  ];
}

async function take(browser, language, look) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  await context.addInitScript(
    ([chosen, isDark]) => {
      localStorage.setItem('dianma.language', chosen);
      localStorage.setItem('dianma.preferences', JSON.stringify({ isDark }));
    },
    [language, look.isDark],
  );
  const page = await context.newPage();
  const save = (name) => page.screenshot({ path: join(values.out, `${name}.${look.name}.${language}.png`) });
  await page.goto(`${demo.url}/sign_in`);
  await page.locator('#login_name').waitFor();
  await save('sign_in');
  await page.locator('#login_name').fill(login.login_name);
  await page.locator('#password').fill(login.password);
  await page.keyboard.press('Enter');
  await page.locator('.rail').first().waitFor({ state: 'attached' });
  for (const [name, path, press] of [...PAGES, ...SCENES, ...(await details(page))]) {
    if (values.page !== undefined && !values.page.split(',').includes(name)) continue;
    await page.goto(demo.url + path);
    await page.locator('h1').waitFor();
    await settle(page);
    if (press !== undefined && look.name === 'phone') continue;
    await press?.(page);
    if (press !== undefined) await settle(page);
    await save(name);
  }
  await context.close();
}

mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.DIANMA_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const look of LOOKS) {
  if (values.look !== undefined && !values.look.split(',').includes(look.name)) continue;
  for (const language of look.languages) await take(browser, language, look);
}
await browser.close();

if (values.docs) {
  mkdirSync(join(root, 'docs/img'), { recursive: true });
  for (const [name, look, language] of IN_DOCS) {
    const from = join(values.out, `${name}.${look}.${language}.png`);
    const small = withPalette(readFileSync(from));
    if (small.length > LARGEST) throw new Error(`${from} is over 150 KB`);
    writeFileSync(join(root, 'docs/img', `console-${name}.png`), small);
  }
}
process.stdout.write(`pictures in ${values.out}\n`);
