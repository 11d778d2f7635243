// What a busy desk needs: commands for many orders, named views, hazard notices, hints at duplicates, the card of
// the job, and searches that leave no trace in addresses or logs.
import { expect, test, watch } from './fixtures';

test('many orders are dispatched at once, each told its own outcome', async ({
  page,
  enter,
  as,
  county,
  troubles,
}) => {
  const agent = await as('agent');
  const orders = [];
  for (const place of ['甲', '乙', '丙'])
    orders.push(await agent.takeIn(`村委会请人说明搬迁表箱的事（批量${place}）`, { address: `示例镇${place}`, kind: 'ad_hoc' }));
  await enter('dispatcher');
  await page.goto(`${county.address}/orders?tab=draft&sort=taken_in`);
  for (const order of orders)
    await page.getByRole('checkbox', { name: `选择工单 ${order.order_number}` }).check();
  // Somebody else is faster with one of them.
  const [first] = orders;
  if (first === undefined) throw new Error('no order');
  await page.route(`**/v1/work_orders/${first.id}/dispatch`, async (route) => {
    await agent.call('PATCH', `/v1/work_orders/${first.id}`, { version: first.version, content: '村委会请人说明搬迁表箱的事，已转告' });
    await route.continue();
  });
  const bar = page.getByRole('region', { name: '批量操作' });
  await expect(bar).toContainText('已选 3 张');
  await bar.getByRole('button', { name: /各派首选/ }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: '开始派发' }).click();
  await expect(drawer.getByRole('status')).toContainText('完成 2 张，未成 1 张，还剩 0 张');
  await expect(drawer.getByRole('listitem').filter({ hasText: first.order_number })).toContainText('S-409-VERSION');
  const states = await Promise.all(orders.map(async (order) => (await agent.read(order.id)).state));
  expect(states).toEqual(['draft', 'dispatched', 'dispatched']);
  expect(troubles.splice(0), 'the one refusal, on purpose').toHaveLength(1);
});

test('many orders are cancelled with one reason', async ({ page, enter, as, county, troubles }) => {
  const agent = await as('agent');
  const orders = [];
  for (const place of ['丁', '戊'])
    orders.push(await agent.takeIn(`村委会再次请人说明搬迁表箱（批量${place}）`, { address: `示例镇${place}`, kind: 'ad_hoc' }));
  await enter('dispatcher');
  await page.goto(`${county.address}/orders?tab=draft&sort=taken_in`);
  await expect(page.locator('.ant-table-row').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: /作废…（2）/ }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: '开始作废' }).click();
  await expect(drawer.getByText('请写清楚原因')).toBeVisible();
  await drawer.getByRole('textbox', { name: '原因' }).fill('并入同台区的抢修');
  await drawer.getByRole('button', { name: '开始作废' }).click();
  await expect(drawer.getByText('已作废')).toHaveCount(2);
  for (const order of orders) expect((await agent.read(order.id)).state).toBe('cancelled');
  expect(troubles).toEqual([]);
});

test('a view is named, kept with the account and opened on another computer', async ({
  page,
  enter,
  county,
  browser,
  troubles,
}) => {
  await enter('manager');
  await page.goto(`${county.address}/orders?tab=archived&kind=fault_repair`);
  await page.getByRole('button', { name: '视图' }).click();
  await page.getByPlaceholder(/视图名称/).fill('归档抢修');
  await page.getByRole('button', { name: '把当前条件存为视图' }).click();
  await expect(page.getByRole('button', { name: '归档抢修', exact: true }).first()).toBeVisible();

  const other = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  watch(other, troubles);
  await enter('manager', other);
  await other.goto(`${county.address}/orders`);
  await other.getByRole('button', { name: '视图' }).click();
  await other.getByRole('button', { name: '归档抢修', exact: true }).click();
  await expect(other).toHaveURL(/tab=archived&kind=fault_repair|kind=fault_repair&tab=archived/);
  await expect(other.getByRole('tab', { name: /归档/ })).toHaveAttribute('aria-selected', 'true');

  // The list goes away slowly: until then it has a button of the same name.
  const remove = other.getByRole('button', { name: '删除视图 归档抢修' });
  await expect(remove).toHaveCount(0);
  await other.getByRole('button', { name: /归档抢修$/ }).click();
  await remove.click();
  await expect(other.getByText('已删除 归档抢修')).toBeVisible();
  await other.getByRole('button', { name: '撤销' }).click();
  await expect(remove).toBeVisible();
  await other.context().close();
});

test('views that an older console left in the browser move to the account once', async ({ page, enter, as, county }) => {
  await enter('reviewer');
  const { session } = await (await as('reviewer')).call<{ session: { staff: { id: string } } }>(
    'GET',
    '/v1/sessions/current',
  );
  const key = `dianma.views.orders.${session.staff.id}`;
  await page.evaluate(
    ([name]) => localStorage.setItem(name ?? '', JSON.stringify([{ name: '我的超期', query: 'tab=overdue' }])),
    [key],
  );
  await page.goto(`${county.address}/orders?tab=overdue`);
  await expect(page.getByRole('button', { name: '我的超期' }), 'the view that fits is named').toBeVisible();
  expect(await page.evaluate((name) => localStorage.getItem(name), key)).toBeNull();
  const { saved_views } = await (await as('reviewer')).call<{ saved_views: { name: string }[] }>(
    'GET',
    '/v1/saved_views?list=orders',
  );
  expect(saved_views.map((view) => view.name)).toEqual(['我的超期']);
});

test('a draft cancelled by mistake is back within ten seconds', async ({ page, enter, as, county }) => {
  const agent = await as('agent');
  const order = await agent.takeIn('村委会请人说明搬迁表箱的事', { address: '示例镇七村', kind: 'ad_hoc' });
  await enter('dispatcher');
  await page.goto(`${county.address}/orders/${order.id}`);
  await page.getByRole('button', { name: '作废' }).click();
  await page.getByRole('textbox', { name: '原因' }).fill('点错了');
  await page.getByRole('dialog').getByRole('button', { name: '作废' }).click();
  await expect.poll(async () => (await agent.read(order.id)).state).toBe('cancelled');
  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.getByText('已恢复，工单回到待派')).toBeVisible();
  expect((await agent.read(order.id)).state).toBe('draft');
});

test('a new hazard order rings once and stays until it is noted', async ({ page, enter, as, county }) => {
  await page.addInitScript(() => {
    const heard = window as unknown as { rung: number };
    heard.rung = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function ring(...when: [number?]) {
      heard.rung += 1;
      start.apply(this, when);
    };
  });
  await enter('dispatcher');
  const rung = () => page.evaluate(() => (window as unknown as { rung: number }).rung);
  const agent = await as('agent');
  await agent.takeIn('电线掉在路上冒火花', { address: '示例镇路口', urgency: 'hazard', kind: 'fault_repair' });
  await page.waitForTimeout(1500);
  await expect(page.getByRole('alert'), 'nobody asked for notices yet').toHaveCount(0);

  await page.getByRole('button', { name: '打开危险工单提醒' }).click();
  const before = await rung();
  const order = await agent.takeIn('变压器着火', { address: '示例镇桥头', urgency: 'hazard', kind: 'fault_repair' });
  const bar = page.getByRole('alert').filter({ hasText: '新的危险工单' });
  await expect(bar).toContainText(order.order_number);
  expect(await rung()).toBeGreaterThan(before);
  const after = await rung();
  await (await as('dispatcher')).call('PATCH', `/v1/work_orders/${order.id}`, {
    version: order.version,
    content: '变压器着火，已报 119',
  });
  await expect(bar).toContainText('已报 119');
  expect(await rung(), 'the same order rings once').toBe(after);
  await page.goto(`${county.address}/dispatch`);
  await page.reload();
  await expect(page.getByRole('button', { name: '关闭危险工单提醒' })).toBeVisible();
});

test('a draft shows what may be the same matter, hazards stand on top of the board', async ({
  page,
  enter,
  as,
  county,
}) => {
  const agent = await as('agent');
  const [, customer] = await agent.customers(2);
  const one = await agent.takeIn('家里没电了', { account_number: customer?.account_number, kind: 'fault_repair' });
  const two = await agent.takeIn('还是没电', { account_number: customer?.account_number, kind: 'fault_repair' });
  let hazard = await agent.takeIn('杆子倒了', { address: '示例镇', urgency: 'hazard', kind: 'fault_repair' });
  if (hazard.state === 'dispatched') {
    // The server sends a hazard out at once; a person takes it back to choose somebody else.
    const dispatcher = await as('dispatcher');
    await dispatcher.call('POST', `/v1/work_orders/${hazard.id}/recall`, { version: hazard.version });
    hazard = await dispatcher.read(hazard.id);
  }
  await enter('dispatcher');
  await page.goto(`${county.address}/orders/${two.id}`);
  const hint = page.getByRole('region', { name: '可能是同一件事' });
  await expect(hint).toContainText(one.order_number);
  await expect(hint).toContainText('同一客户');
  await page.goto(`${county.address}/dispatch`);
  const queue = page.getByRole('listbox', { name: '待派队列' });
  await expect(queue).toContainText(hazard.order_number);
  const numbers = await queue.getByRole('option').allInnerTexts();
  const at = numbers.findIndex((text) => text.includes(hazard.order_number));
  expect(numbers.slice(0, at + 1).every((text) => text.includes('危险')), 'only hazards above a hazard').toBe(true);
});

test('the order page shows the card of the job', async ({ page, enter, as, county }) => {
  const order = await (await as('agent')).takeIn('整个村民组停电', { address: '示例镇六村', kind: 'fault_repair' });
  await enter('dispatcher');
  await page.goto(`${county.address}/orders/${order.id}`);
  const card = page.locator('.panel', { hasText: '作业指导卡' });
  await expect(card).toContainText('低压故障抢修作业卡');
  await expect(card.locator('.card-hazards li').first()).toBeVisible();
  await card.getByRole('link', { name: '打开整张卡' }).click();
  await expect(page).toHaveURL(/operation_cards\?card=fault-repair/);
});

test('what is searched for never stands in an address or a log', async ({ page, enter, county, as }) => {
  const customers = (await (await as('dispatcher')).call<{ customers: { account_name: string }[] }>(
    'GET',
    '/v1/customers?limit=1',
  )).customers;
  const name = customers[0]?.account_name ?? '';
  expect(name).not.toBe('');
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(decodeURIComponent(request.url())));
  await enter('dispatcher');
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: '全局搜索' }).fill(name);
  await expect(page.getByText('户名相符').first()).toBeVisible();
  await page.goto(`${county.address}/customers`);
  const box = page.getByPlaceholder(/拼音首字母/);
  await box.fill(name);
  await box.press('Enter');
  await expect(page.getByText('户名相符').first()).toBeVisible();
  expect(addresses.filter((address) => address.includes('/v1/customers')).length).toBeGreaterThan(1);
  expect(addresses.filter((address) => address.includes(name))).toEqual([]);
  expect(page.url()).not.toContain(encodeURIComponent(name));
  expect(county.output).not.toContain(name);
});
