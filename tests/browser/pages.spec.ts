// Every page: shows itself without an error in both languages, without a serious accessibility fault, on
// an old 1366 × 768 monitor, a 375 pixel phone and in the night colours.
import AxeBuilder from '@axe-core/playwright';
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
  ['/kpis', '指标', 'KPIs'],
  ['/settings/operation_cards', '目录与规则', 'Catalogues and rules'],
  ['/settings/price_list', '目录与规则', 'Catalogues and rules'],
  ['/settings/record_forms', '目录与规则', 'Catalogues and rules'],
  ['/settings/service_limits', '目录与规则', 'Catalogues and rules'],
  ['/settings/lifecycle', '目录与规则', 'Catalogues and rules'],
  ['/settings/fault_codes', '目录与规则', 'Catalogues and rules'],
  ['/audit', '审计', 'Audit'],
] as const;

test.describe.configure({ timeout: 300_000 });

for (const language of ['zh-CN', 'en'] as const) {
  test(`every page shows itself in ${language}`, async ({ page, enter, county }) => {
    await enter('administrator');
    await page.evaluate((chosen) => localStorage.setItem('dianma.language', chosen), language);
    for (const [path, chinese, english] of PAGES) {
      await page.goto(county.address + path);
      const name = language === 'en' ? english : chinese;
      await expect(page.getByRole('heading', { level: 1, name }), path).toBeVisible();
      await expect(page.locator('.ant-skeleton'), path).toHaveCount(0);
      await expect(page.locator('.problem'), path).toHaveCount(0);
    }
  });
}

for (const look of ['light', 'dark'] as const) {
  test(`no serious accessibility fault, ${look}`, async ({ page, enter, county }) => {
    await enter('administrator');
    await page.evaluate(
      (isDark) => localStorage.setItem('dianma.preferences', JSON.stringify({ isDark })),
      look === 'dark',
    );
    const faults: string[] = [];
    for (const [path] of PAGES) {
      await page.goto(county.address + path);
      await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
      await expect(page.locator('.ant-skeleton'), path).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations
        .filter((fault) => fault.impact === 'serious' || fault.impact === 'critical')
        .map((fault) => `${path} ${fault.id}: ${fault.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
      faults.push(...serious);
    }
    expect(faults).toEqual([]);
  });
}

test('a phone of 375 pixels can use every page without scrolling sideways', async ({ page, enter, county }) => {
  await enter('administrator');
  await page.setViewportSize({ width: 375, height: 720 });
  for (const [path] of PAGES) {
    await page.goto(county.address + path);
    await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
  await page.getByRole('button', { name: '打开菜单' }).click();
  await page.getByRole('link', { name: '全部工单' }).click();
  await expect(page).toHaveURL(/\/orders/);
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
