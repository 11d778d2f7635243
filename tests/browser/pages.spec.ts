// Every page: shows itself without an error in both languages, without a serious accessibility fault, on
// an old 1366 × 768 monitor, a 375 pixel phone and in the night colours.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

const PAGES = [
  ['/overview', '总览', 'Overview'],
  ['/dispatch', '调度台', 'Dispatch board'],
  ['/intake', '受理', 'Intake'],
  ['/exceptions', '例外', 'Exceptions'],
  ['/exceptions?tab=quarantine', '例外', 'Exceptions'],
  ['/exceptions?tab=sources', '例外', 'Exceptions'],
  ['/imports', '导入', 'Imports'],
  ['/orders', '工单', 'Work orders'],
  ['/review', '审核', 'Review'],
  ['/callbacks', '回访', 'Call-backs'],
  ['/customers', '客户', 'Customers'],
  ['/staff', '人员', 'Staff'],
  ['/devices', '手机终端', 'Phones'],
  ['/labels', '标签', 'Labels'],
  ['/kpis', '指标', 'KPIs'],
  ['/settings/operation_cards', '目录与规则', 'Catalogues and rules'],
  ['/settings/price_list', '目录与规则', 'Catalogues and rules'],
  ['/settings/record_forms', '目录与规则', 'Catalogues and rules'],
  ['/settings/service_limits', '目录与规则', 'Catalogues and rules'],
  ['/settings/dispatch_policy', '目录与规则', 'Catalogues and rules'],
  ['/settings/lifecycle', '目录与规则', 'Catalogues and rules'],
  ['/settings/fault_codes', '目录与规则', 'Catalogues and rules'],
  ['/audit', '审计', 'Audit'],
] as const;

test.describe.configure({ timeout: 300_000 });

const PHONE = { width: 375, height: 720 };
const DESK = { width: 1366, height: 768 };

/** The page stands: its name, no skeleton left, nothing failed. */
async function stands(page: Page, path: string, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name }), path).toBeVisible();
  await expect(page.locator('.ant-skeleton'), path).toHaveCount(0);
  await expect(page.locator('.problem'), path).toHaveCount(0);
}

async function seriousFaults(page: Page, path: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  return violations
    .filter((fault) => fault.impact === 'serious' || fault.impact === 'critical')
    .map((fault) => `${path} ${fault.id}: ${fault.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
}

test('every page opens by its address in Chinese, accessible, and on a phone of 375 pixels', async ({
  page,
  enter,
  county,
}) => {
  await enter('administrator');
  const faults: string[] = [];
  for (const [path, chinese] of PAGES) {
    await page.goto(county.address + path);
    await stands(page, path, chinese);
    faults.push(...(await seriousFaults(page, path)));
    await page.setViewportSize(PHONE);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    await page.setViewportSize(DESK);
  }
  expect(faults).toEqual([]);
  await page.setViewportSize(PHONE);
  await page.getByRole('button', { name: '打开菜单' }).click();
  await page.getByRole('link', { name: '全部工单' }).click();
  await expect(page).toHaveURL(/\/orders/);
});

test('every page shows itself in English by night, accessible, without a reload in between', async ({ page, enter }) => {
  await enter('administrator');
  await page.evaluate(() => {
    localStorage.setItem('dianma.language', 'en');
    localStorage.setItem('dianma.preferences', JSON.stringify({ isDark: true }));
  });
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const faults: string[] = [];
  for (const [path, , english] of PAGES) {
    await page.evaluate((to) => {
      history.pushState({}, '', to);
      dispatchEvent(new PopStateEvent('popstate', { state: {} }));
    }, path);
    await stands(page, path, english);
    faults.push(...(await seriousFaults(page, path)));
  }
  expect(faults).toEqual([]);
});

test('nothing is loaded from elsewhere and scripts obey the policy', async ({ page, enter, county }) => {
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await enter('administrator');
  await page.goto(`${county.address}/kpis`);
  await expect(page.locator('[role="img"] svg').first()).toBeVisible();
  expect([...hosts]).toEqual([new URL(county.address).host]);
  const answer = await page.request.get(county.address);
  expect(answer.headers()['content-security-policy']).toContain("script-src 'self';");
});
