// Labels: a label gets a new edition with a reason, what is found is printed, and the policy of automatic
// dispatch is an administrator's.
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';

test('a label is issued anew with a reason, and its history says so', async ({ page, enter, county }) => {
  await enter('agent');
  await page.goto(`${county.address}/labels`);
  await page.locator('[data-row-key]').first().click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('已签名')).toBeVisible();
  await expect(drawer.getByRole('img', { name: /的二维码/ }), 'the symbol').toHaveJSProperty('complete', true);
  const anew = drawer.getByRole('button', { name: '换发新版' });
  await expect(anew, 'not without a reason').toBeDisabled();
  await drawer.getByRole('textbox', { name: '换发或吊销的原因' }).fill('标签磨损');
  await anew.click();
  await expect(drawer.getByText(/换发 第2版/)).toBeVisible();
});

test('what is found is printed as a PDF', async ({ page, enter, county }) => {
  await enter('agent');
  await page.goto(`${county.address}/labels`);
  await page.getByRole('button', { name: '打印查到的标签' }).click();
  await page.getByRole('spinbutton', { name: '最多张数' }).fill('30');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '生成 PDF' }).click();
  const file = await (await download).path();
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
});

test('whether orders go out by themselves is set by the administrator and seen by others', async ({
  page,
  enter,
  as,
  county,
  browser,
}) => {
  await enter('administrator');
  await page.goto(`${county.address}/settings/dispatch_policy`);
  const nearest = page.getByRole('radio', { name: /自动就近派/ });
  await nearest.check();
  await expect(page.getByRole('switch', { name: /危险工单/ }), 'part of the wider rule').toBeDisabled();
  await expect(async () => {
    await page.reload();
    await expect(nearest).toBeChecked({ timeout: 2_000 });
  }).toPass();
  const agent = await as('agent');
  const [customer] = await agent.customers(1);
  const order = await agent.takeIn('家里没电了，邻居有电', { account_number: customer?.account_number });
  expect((await agent.read(order.id)).state).toBe('dispatched');
  await page.getByRole('radio', { name: /由派工员派/ }).check();
  const other = await (await browser.newContext()).newPage();
  await enter('dispatcher', other);
  await other.goto(`${county.address}/settings/dispatch_policy`);
  await expect(other.getByRole('radio', { name: /由派工员派/ })).toBeChecked();
  await expect(other.getByRole('radio', { name: /自动就近派/ })).toBeDisabled();
  await other.context().close();
});
