// Labels: the archive finds what belongs together, a label gets a new edition or is replaced with a reason, what
// is chosen or found is printed, badly graded ones are reprinted at once, boxes and poles get theirs.
import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import { expect, test } from './fixtures';

interface Label {
  id: string;
  kind: string;
  number: string;
  state: string;
  grade: string | null;
  replaced_by: string | null;
}

async function isPdf(download: Promise<Download>): Promise<string> {
  const done = await download;
  expect(readFileSync(await done.path()).subarray(0, 5).toString()).toBe('%PDF-');
  return done.suggestedFilename();
}

const search = (page: Page) => page.getByRole('textbox', { name: /户号、表号/ });

test('an account number finds the codes of the customer and of its meter, and no address names it', async ({
  page,
  enter,
  as,
  county,
}) => {
  const [customer] = await (await as('agent')).customers(1);
  const account = customer?.account_number ?? '';
  await enter('agent');
  await page.goto(`${county.address}/labels`);
  await search(page).fill(account);
  await search(page).press('Enter');
  const rows = page.locator('.ant-table-row');
  await expect(rows.filter({ hasText: '客户码' })).toContainText(account);
  await expect(rows.filter({ hasText: '表计码' }).first()).toBeVisible();
  expect(page.url()).not.toContain(account);
  await page.goto(`${county.address}/customers/${customer?.id}`);
  await expect(page, 'no number in the title of the window').toHaveTitle('客户 · 电码');
  await page.getByRole('row', { name: new RegExp(account) }).getByRole('link', { name: '打开' }).click();
  await expect(page.getByRole('dialog').getByText(new RegExp(account))).toBeVisible();
});

test('a label is issued anew with a reason, and its history says so', async ({ page, enter, county }) => {
  await enter('agent');
  await page.goto(`${county.address}/labels`);
  await page.locator('[data-row-key]').first().click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByText('已签名')).toBeVisible();
  const symbol = drawer.getByRole('img', { name: /的二维码/ });
  await expect(symbol, 'the symbol').toHaveJSProperty('complete', true);
  expect(await symbol.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(20);
  const png = page.waitForEvent('download');
  await drawer.getByText('600 dpi').click();
  await drawer.getByRole('link', { name: 'PNG' }).click();
  const picture = readFileSync(await (await png).path());
  expect(picture.subarray(1, 4).toString(), 'a picture at the printer’s dots').toBe('PNG');
  const anew = drawer.getByRole('button', { name: '换发新版' });
  await expect(anew, 'not without a reason').toBeDisabled();
  await drawer.getByRole('textbox', { name: '换发或吊销的原因' }).fill('标签磨损');
  await anew.click();
  await expect(drawer.getByRole('region', { name: '历史' })).toContainText(/换发 第2版 标签磨损/);
  await expect(page, 'the label can be sent to a colleague').toHaveURL(/label=/);
});

test('a revoked label leads to the one that took its place', async ({ page, enter, as, county }) => {
  const agent = await as('agent');
  const { labels } = await agent.call<{ labels: Label[] }>('GET', '/v1/labels?kind=meter&state=valid&limit=1');
  const id = labels[0]?.id ?? '';
  await enter('agent');
  await page.goto(`${county.address}/labels?label=${id}`);
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: '换发或吊销的原因' }).fill('标签遗失');
  await drawer.getByRole('button', { name: '吊销并换新' }).click();
  await expect(drawer.getByText('已吊销').first()).toBeVisible();
  await expect(drawer.getByRole('img', { name: /的二维码/ }), 'a void label has no symbol').toHaveCount(0);
  await drawer.getByRole('button', { name: '打开新标签' }).click();
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(drawer.getByText('第1版').first()).toBeVisible();
  const after = await agent.call<{ label: Label }>('GET', `/v1/labels/${id}`);
  expect([after.label.state, after.label.replaced_by === null]).toEqual(['revoked', false]);
});

test('what is found is printed as a PDF, and the printer is remembered', async ({ page, enter, county }) => {
  await enter('agent');
  await page.goto(`${county.address}/labels`);
  await page.getByRole('button', { name: '打印查到的标签' }).click();
  await page.getByRole('spinbutton', { name: '最多枚数' }).fill('30');
  await page.getByRole('combobox', { name: '标签纸' }).click();
  await page.getByTitle('标签机卷纸 60×40 毫米').click();
  await page.getByRole('combobox', { name: '打印机分辨率' }).click();
  await page.getByTitle('203 dpi').click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('30 枚、30 页');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '生成 PDF' }).click();
  expect(await isPdf(download)).toContain('roll_60_40-203dpi');
  await page.getByRole('button', { name: '打印查到的标签' }).click();
  await expect(page.getByRole('dialog').getByText('标签机卷纸 60×40 毫米')).toBeVisible();
});

test('chosen labels are printed on cards, and cards of meters are refused at the field', async ({
  page,
  enter,
  county,
  troubles,
}) => {
  await enter('agent');
  await page.goto(`${county.address}/labels?kind=customer`);
  const boxes = page.getByRole('checkbox', { name: /选择标签/ });
  await boxes.nth(0).check();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: '打印选中的（2）' }).click();
  const sheet = page.getByRole('combobox', { name: '标签纸' });
  await sheet.click();
  await page.getByTitle(/客户卡 10 张/).click();
  await expect(page.getByText('客户卡只印客户的码')).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('2 枚，共 1 页');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '生成 PDF' }).click();
  await isPdf(download);

  await page.goto(`${county.address}/labels?kind=meter`);
  await boxes.nth(0).check();
  await page.getByRole('button', { name: '打印选中的（1）' }).click();
  await page.getByRole('button', { name: '生成 PDF' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('V-422-FIELD');
  expect(troubles.splice(0), 'the one refusal, on purpose').toHaveLength(1);
});

test('labels that scanned badly are reported and reprinted in one go', async ({ page, enter, as, county }) => {
  const agent = await as('agent');
  const poor = async () =>
    (await agent.call<{ labels: Label[] }>('GET', '/v1/labels?state=valid&grade=D&limit=200')).labels;
  const before = await poor();
  expect(before.length, 'the county has worn labels').toBeGreaterThan(0);
  expect(before.every((label) => (label.grade ?? '') >= 'D')).toBe(true);
  await enter('agent');
  await page.goto(`${county.address}/labels`);
  await expect(page.getByRole('status').filter({ hasText: '质量在 D 级及以下' })).toContainText(`${before.length} 枚`);
  await page.getByRole('button', { name: '查看清单' }).click();
  await expect(page).toHaveURL(/show=poor/);
  await expect(page.locator('.ant-table-row')).toHaveCount(before.length);
  await page.getByRole('button', { name: '一键重印' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '生成 PDF' }).click();
  await isPdf(download);
  await expect(page.getByText('没有需要重印的标签')).toBeVisible();
  expect(await poor()).toEqual([]);
  const { label } = await agent.call<{ label: { events: { event: string }[] } }>('GET', `/v1/labels/${before[0]?.id}`);
  expect(label.events[0]?.event).toBe('reprinted');
});

test('poles of an area get their labels, a second one of the same number is named', async ({
  page,
  enter,
  county,
  troubles,
}) => {
  await enter('agent');
  await page.goto(`${county.address}/labels`);
  const add = async (numbers: string) => {
    await page.getByRole('button', { name: '新建设施标签' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('combobox', { name: '种类' }).click();
    await page.locator('.ant-select-item-option[title="杆塔码"]').click();
    // The kinds fade away slowly; what is open then is the areas.
    await expect(page.locator('.ant-select-item-option:visible')).toHaveCount(0);
    await drawer.getByRole('combobox', { name: '台区' }).click();
    await page.locator('.ant-select-item-option:visible').first().click();
    await drawer.getByRole('textbox', { name: '杆号' }).fill(numbers);
    await drawer.getByRole('button', { name: '建立标签' }).click();
    return drawer;
  };
  await add('浏览器线2号杆\n浏览器线12号杆\n浏览器线2号杆');
  await expect(page.getByText('已建立 2 枚标签')).toBeVisible();
  await search(page).fill('浏览器线12号杆');
  await search(page).press('Enter');
  await expect(page.locator('.ant-table-row')).toHaveCount(1);
  const drawer = await add('浏览器线2号杆\n浏览器线3号杆');
  await expect(drawer.getByRole('alert')).toContainText(/浏览器线2号杆 V-409-\w+/);
  await expect(page.getByText('已建立 1 枚标签')).toBeVisible();
  expect(troubles.splice(0), 'the one refusal, on purpose').toHaveLength(1);
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
