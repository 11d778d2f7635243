// The working day: a request is taken in, drafted, dispatched and undone by keyboard; review by keys; the
// live line through changes, a cut and a restart of the server.
import { expect, test } from './fixtures';

test('intake refuses an account that is not ours, clearly and with its code', async ({ page, enter }) => {
  await enter('agent');
  await page.getByRole('textbox', { name: '户号，或扫描客户二维码得到的内容' }).fill('4200000000001');
  await page.keyboard.press('Enter');
  const refusal = page.getByRole('alert');
  await expect(refusal).toContainText('不能受理');
  await expect(refusal).toContainText('V-422-AREA');
  await expect(page.getByRole('textbox', { name: '客户说了什么' })).toBeDisabled();
});

test('a request becomes a draft with the reasons of its kind', async ({ page, enter, as }) => {
  const [customer] = await (await as('agent')).customers(1);
  await enter('agent');
  await page
    .getByRole('textbox', { name: '户号，或扫描客户二维码得到的内容' })
    .fill(customer?.account_number ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByText('是本公司客户')).toBeVisible();
  await page.getByRole('textbox', { name: '客户说了什么' }).fill('家里没电了，邻居有电，空气开关一合就跳闸');
  await expect(page.locator('.match-box')).toContainText('抢修');
  await expect(page.locator('.match-box mark').first()).toBeVisible();
  await page.getByRole('button', { name: '登记并建草稿' }).click();
  await expect(page.getByRole('status').filter({ hasText: /已建工单/ })).toBeVisible();
  await page.getByRole('button', { name: '打开工单' }).click();
  await expect(page.getByText('家里没电了').first()).toBeVisible();
});

test('an order is dispatched to the best person by Enter and taken back within ten seconds', async ({
  page,
  enter,
  as,
  county,
}) => {
  const agent = await as('agent');
  const [customer] = await agent.customers(1);
  const order = await agent.takeIn('家里没电了，邻居有电', { account_number: customer?.account_number });
  await enter('dispatcher');
  await page.goto(`${county.address}/dispatch?order=${order.id}`);
  await expect(page.locator('.candidate.is-best')).toBeVisible();
  await expect(page.locator('.candidate.is-best li').first(), 'a choice has its reasons').toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/已派给/)).toBeVisible();
  await expect.poll(async () => (await agent.read(order.id)).state).toBe('dispatched');
  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.getByText('已收回，工单回到待派')).toBeVisible();
  expect((await agent.read(order.id)).state).toBe('draft');
});

test('a row that was clicked takes Enter like any other', async ({ page, enter, as, county }) => {
  const agent = await as('agent');
  const [, , customer] = await agent.customers(3);
  const order = await agent.takeIn('电表不走字，请来校验', { account_number: customer?.account_number });
  await enter('dispatcher');
  await page.goto(`${county.address}/dispatch?order=${order.id}`);
  await expect(page.locator('.candidate.is-best')).toBeVisible();
  await page.getByRole('option', { selected: true }).click();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/已派给/)).toBeVisible();
  await expect.poll(async () => (await agent.read(order.id)).state).toBe('dispatched');
});

test('in a storm the orders of one area stand together and lead to their list', async ({ page, enter, as, county }) => {
  const agent = await as('agent');
  const { customers } = await agent.call<{ customers: { account_number: string; area_id: string }[] }>(
    'GET',
    '/v1/customers?limit=200',
  );
  const area = customers[0]?.area_id;
  const neighbours = customers.filter((each) => each.area_id === area).slice(0, 4);
  expect(neighbours).toHaveLength(4);
  const orders = [];
  for (const { account_number } of neighbours)
    orders.push(await agent.takeIn('申请校验电能表，数字跳得快', { account_number, kind: 'meter_change' }));
  await enter('dispatcher');
  await page.goto(`${county.address}/dispatch`);
  const rows = page.getByRole('listbox', { name: '待派队列' }).getByRole('option');
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('g');
  await expect(page, 'the board can be sent to a colleague as it is').toHaveURL(/storm=1/);
  const ours = rows.filter({ hasText: new RegExp(orders.map((order) => order.order_number).join('|')) });
  await expect(ours.first()).toContainText(/同台区 \d+ 单/);
  await ours.first().click();
  await page.getByRole('link', { name: /本台区 \d+ 张待派/ }).click();
  await expect(page).toHaveURL(new RegExp(`area_id=${area}`));
  // The board stays until the list is loaded, and shows one of the numbers twice.
  await expect(page.getByRole('heading', { level: 1, name: '工单' })).toBeVisible();
  for (const { order_number } of orders) await expect(page.getByText(order_number)).toBeVisible();
});

test('the reviewer rejects with a reason by keys', async ({ page, enter, as }) => {
  await enter('reviewer');
  await expect(page.locator('.virtual-row').first()).toBeVisible();
  const link = page.locator('.board-order .mono');
  await expect(link).toBeVisible();
  const number = await link.innerText();
  const id = (await link.getAttribute('href'))?.split('/').at(-1) ?? '';
  await page.keyboard.press('r');
  await page.getByRole('textbox', { name: '原因' }).fill('照片看不清接线');
  await page.getByRole('dialog').getByRole('button', { name: '驳回' }).click();
  await expect(page.getByText(/已驳回给/)).toBeVisible();
  expect((await (await as('reviewer')).read(id)).state).toBe('rejected');
  await expect(page.locator('.virtual-row', { hasText: number })).toHaveCount(0);
});

test('the reviewer approves and archives by one key, and takes it back by another', async ({ page, enter, as }) => {
  await enter('reviewer');
  const link = page.locator('.board-order .mono');
  await expect(link).toBeVisible();
  const number = await link.innerText();
  const id = (await link.getAttribute('href'))?.split('/').at(-1) ?? '';
  await page.keyboard.press('a');
  const notice = page.locator('.ant-notification-notice', { hasText: number });
  await expect(notice).toContainText(/即将通过/);
  await expect(page.locator('.virtual-row', { hasText: number })).toHaveCount(0);
  await page.keyboard.press('z');
  await expect(notice).toHaveCount(0);
  await expect(link).toHaveText(number);
  const reviewer = await as('reviewer');
  expect((await reviewer.read(id)).approved_at_ms).toBeNull();
  await page.keyboard.press('a');
  await expect(page.getByText(new RegExp(`${number} (已归档|已通过)`))).toBeVisible({ timeout: 15_000 });
  expect((await reviewer.read(id)).approved_at_ms).not.toBeNull();
});

test('a verdict that is still held is given when the desk is left', async ({ page, enter, as }) => {
  await enter('reviewer');
  const link = page.locator('.board-order .mono');
  await expect(link).toBeVisible();
  const id = (await link.getAttribute('href'))?.split('/').at(-1) ?? '';
  await page.keyboard.press('a');
  await page.getByRole('link', { name: /全部工单/ }).click();
  const reviewer = await as('reviewer');
  await expect.poll(async () => (await reviewer.read(id)).approved_at_ms).not.toBeNull();
});

test('what another person does appears without a reload', async ({ page, enter, as, county }) => {
  await enter('manager');
  await page.goto(`${county.address}/orders?tab=draft&sort=taken_in`);
  await expect(page.getByRole('heading', { name: '工单' })).toBeVisible();
  const order = await (await as('agent')).takeIn('村委会请人说明搬迁表箱的事', { address: '示例镇四村', kind: 'ad_hoc' });
  await expect(page.getByText(order.order_number)).toBeVisible();
});

test('a cut line is told, and the picture is fresh again after the server came back', async ({
  page,
  enter,
  as,
  county,
  troubles,
}) => {
  await enter('manager');
  await page.goto(`${county.address}/orders?tab=draft&sort=taken_in`);
  await expect(page.locator('.ant-table-row, .empty').first()).toBeVisible();
  await county.kill();
  await expect(page.getByText(/实时连接已断开/)).toBeVisible({ timeout: 20_000 });
  await county.again();
  const order = await (await as('agent')).takeIn('村民咨询申请移表的手续', { address: '示例镇五村', kind: 'ad_hoc' });
  await expect(page.getByText(order.order_number)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/实时连接已断开/)).toHaveCount(0);
  troubles.length = 0;
});

test('a number opens the orders behind it with the reason', async ({ page, enter }) => {
  await enter('manager');
  const tile = page.locator('.kpi-tile', { hasText: '工单完成率' });
  await tile.getByRole('button', { name: /分母/ }).click();
  await expect(page.getByRole('dialog')).toContainText('工单完成率 · 分母的工单');
  await expect(page.getByRole('dialog').locator('.order-lines li').first()).toBeVisible();
  await expect(page, 'the view can be sent to a colleague').toHaveURL(/counted=denominator/);
});

test('chart and table show the same numbers', async ({ page, enter }) => {
  await enter('manager');
  await expect(page.locator('[role="img"] svg').first()).toBeVisible();
  await page.locator('label', { hasText: '表格' }).click();
  await expect(page.locator('.plain-table tbody tr').first()).toBeVisible();
});

test('a file is tried first, its bad lines are named, then it is imported', async ({ page, enter, county }) => {
  const file = [
    '台区编号,台区名称,供电所编号,供电所名称,城乡类别,备忘',
    'BR-T001,浏览器测试一号台区,BR-S1,浏览器测试供电所,农村,甲',
    'BR-T002,浏览器测试二号台区,BR-S1,浏览器测试供电所,火星,乙',
  ].join('\n');
  await enter('administrator');
  await page.goto(`${county.address}/imports`);
  await page.locator('input[type="file"]').setInputFiles({
    name: 'areas.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(file),
  });
  await page.getByRole('combobox', { name: '数据种类' }).click();
  await page.getByTitle('台区档案').click();
  const real = page.getByRole('button', { name: '正式导入' });
  await expect(real, 'a dry run comes first').toBeDisabled();
  await page.getByRole('button', { name: '试运行', exact: true }).click();
  await expect(page.getByText(/试运行通过：2 行里 1 行不能用/)).toBeVisible();
  await expect(page.getByText('第 3 行')).toBeVisible();
  await real.click();
  const row = page.getByRole('row', { name: /areas\.csv.*正式/ });
  await expect(row).toContainText('完成');
  const areas = await (await county.client('administrator')).call<{ transformer_areas: { code: string }[] }>(
    'GET',
    '/v1/transformer_areas',
  );
  expect(areas.transformer_areas.map((area) => area.code)).toContain('BR-T001');
});
