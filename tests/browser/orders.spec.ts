// The order list and the order page: filters, keys, search, personal data, two people on one order.
import { expect, open, test, watch } from './fixtures';

test('filters live in the URL, typed text does not, and back loses nothing', async ({ page, enter, county, as }) => {
  await enter('dispatcher');
  const [customer] = await (await as('dispatcher')).customers(1);
  const order = await (await as('agent')).takeIn('家里没电了，邻居有电', {
    account_number: customer?.account_number,
  });
  await page.goto(`${county.address}/orders`);
  await page.getByRole('tab', { name: /待派/ }).click();
  await expect(page).toHaveURL(/tab=draft/);
  const search = page.getByPlaceholder('工单号、户号、户名、表号、杆号');
  await search.fill(customer?.account_number ?? '');
  await search.press('Enter');
  await expect(page.getByText(order.order_number)).toBeVisible();
  expect(page.url()).not.toContain(customer?.account_number ?? '-');

  await page.getByText(order.order_number).click();
  await expect(page.getByRole('heading', { name: order.order_number })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/tab=draft/);
  await expect(search).toHaveValue(customer?.account_number ?? '');
});

test('the list is walked and opened by keys alone', async ({ page, enter, county }) => {
  await enter('manager');
  await page.goto(`${county.address}/orders?tab=all`);
  const rows = page.locator('.ant-table-row');
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const current = page.locator('.ant-table-row.is-current');
  await expect(current).toHaveCount(1);
  const number = await current.locator('.mono').first().innerText();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: number })).toBeVisible();
});

test('the search box finds orders and customers and says why', async ({ page, enter, as }) => {
  await enter('dispatcher');
  const [customer] = await (await as('dispatcher')).customers(1);
  await page.keyboard.press('/');
  const box = page.getByRole('combobox', { name: '全局搜索' });
  await expect(box).toBeFocused();
  await box.fill(customer?.account_number ?? '');
  await expect(page.getByText('户号相符').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/(customers|orders)\//);
});

test('personal data needs a reason and shows only after it', async ({ page, enter, county, as }) => {
  const dispatcher = await as('dispatcher');
  const [customer] = await dispatcher.customers(1);
  const order = await dispatcher.takeIn('电表不走字', { account_number: customer?.account_number });
  await enter('dispatcher');
  await page.goto(`${county.address}/orders/${order.id}`);
  const phone = page.locator('dt', { hasText: '联系电话' }).locator('+ dd');
  await expect(phone).toContainText('*');
  await page.getByRole('button', { name: '查看完整信息' }).click();
  await expect(page.getByRole('button', { name: '显示' })).toBeDisabled();
  await page.getByRole('textbox', { name: '原因' }).fill('核对来电人');
  await page.getByRole('button', { name: '显示' }).click();
  await expect(phone).not.toContainText('*');
});

test('a customer’s telephone needs a reason on his own page too, and the audit says who asked', async ({
  page,
  enter,
  county,
  as,
}) => {
  const dispatcher = await as('dispatcher');
  const [customer] = await dispatcher.customers(1);
  const path = `/v1/customers/${customer?.id}`;
  const { customer: sent } = await dispatcher.call<{ customer: { contact_phone: string } }>('GET', path);
  expect(sent.contact_phone, 'the server never sends it unasked').toContain('*');
  await enter('dispatcher');
  await page.goto(`${county.address}/customers/${customer?.id}`);
  const phone = page.locator('dt', { hasText: '电话' }).locator('+ dd');
  await expect(phone).toContainText('*');
  await page.getByRole('button', { name: '查看完整信息' }).click();
  await page.getByRole('textbox', { name: '原因' }).fill('约定换表时间');
  await page.getByRole('button', { name: '显示' }).click();
  await expect(phone).not.toContainText('*');
  const { audit } = await (await as('administrator')).call<{ audit: { action: string; detail: { reason: string } }[] }>(
    'GET',
    `/v1/audit?subject_kind=customer&subject_id=${customer?.id}`,
  );
  expect(audit.map((row) => [row.action, row.detail.reason])).toContainEqual(['unmasked', '约定换表时间']);
});

test('two people on one order: the second sees the change and nothing is overwritten', async ({
  page,
  enter,
  county,
  as,
  browser,
  troubles,
}) => {
  const order = await (await as('agent')).takeIn('申请校验电能表', { address: '示例镇二村' });
  await enter('dispatcher');
  await page.goto(`${county.address}/orders/${order.id}`);
  await page.getByRole('button', { name: '修改' }).click();
  await page.getByRole('textbox', { name: '派工说明' }).fill('带单相表');

  const other = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  watch(other, troubles);
  await open(other, county, 'agent');
  await other.goto(`${county.address}/orders/${order.id}`);
  await other.getByRole('button', { name: '修改' }).click();
  await other.getByRole('textbox', { name: '诉求内容' }).fill('申请校验电能表，客户下午在家');
  await other.getByRole('button', { name: '保存' }).click();
  await expect(other.getByText('客户下午在家').first()).toBeVisible();

  await expect(page.getByText('您打开后，别人改了：')).toBeVisible();
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('textbox', { name: '派工说明' })).toHaveCount(0);
  await expect(page.getByText('客户下午在家').first()).toBeVisible();
  await expect(page.getByText('带单相表')).toBeVisible();
  await other.context().close();
});

test('a stale version is refused with its code and the typed text stays', async ({ page, enter, county, as, troubles }) => {
  const agent = await as('agent');
  const order = await agent.takeIn('申请更换表箱', { address: '示例镇三村' });
  await enter('dispatcher');
  await page.goto(`${county.address}/orders/${order.id}`);
  await page.getByRole('button', { name: '作废' }).click();
  await page.getByRole('textbox', { name: '原因' }).fill('客户撤回');
  await page.route('**/v1/work_orders/*/cancel', async (route) => {
    await agent.call('PATCH', `/v1/work_orders/${order.id}`, { version: order.version, content: '申请更换表箱（门外）' });
    await route.continue();
  });
  await page.getByRole('dialog').getByRole('button', { name: '作废' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('S-409-VERSION');
  await expect(page.getByRole('textbox', { name: '原因' })).toHaveValue('客户撤回');
  await page.unroute('**/v1/work_orders/*/cancel');
  await page.getByRole('dialog').getByRole('button', { name: '作废' }).click();
  await expect(page.getByText('客户撤回').first()).toBeVisible();
  troubles.length = 0;
});
