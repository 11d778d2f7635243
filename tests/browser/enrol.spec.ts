// A phone is enrolled by the one-time code of the devices page: whoever hands the shown line in is opened
// once, the list shows the phone, the audit log tells both acts; only administrators make codes.
import { expect, test } from './fixtures';

test('a code is shown for one electrician, opens one phone once and is audited', async ({ page, enter, as, county }) => {
  await enter('administrator');
  await page.goto(`${county.address}/devices`);
  await page.getByRole('button', { name: '出登记码' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: '显示登记码' }).click();
  await expect(drawer.getByText('请选择一名农电工').last()).toBeVisible();
  await drawer.getByRole('combobox', { name: '给谁的手机' }).click();
  await page.locator('.ant-select-item-option').first().click();
  await drawer.getByRole('button', { name: '显示登记码' }).click();
  const symbol = page.getByRole('img', { name: /的手机登记码/ });
  await expect(symbol).toBeVisible();
  expect(await symbol.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(50);
  await expect(page.getByRole('status').filter({ hasText: /还有 1[45] 分钟 有效/ })).toBeVisible();
  const line = await page.locator('code').innerText();
  const [, , token, ...address] = line.toLowerCase().split(':');
  expect(address.join(':')).toBe(county.address);

  const enrol = () =>
    fetch(`${county.address}/v1/devices/enrol_by_code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, model: '生成机型乙', os_version: '15', app_version: '0.1.0' }),
    });
  const first = await enrol();
  expect(first.status).toBe(200);
  const { token: session } = (await first.json()) as { token: string };
  expect(session.length).toBe(64);
  const second = await enrol();
  expect(second.status).toBe(403);
  expect(((await second.json()) as { error: { code: string } }).error.code).toBe('A-403-ENROL');

  await page.getByRole('button', { name: '关闭' }).or(page.locator('.ant-drawer-close')).first().click();
  await expect(page.getByText('生成机型乙').first()).toBeVisible();
  const administrator = await as('administrator');
  const log = await administrator.call<{ audit: { action: string }[] }>('GET', '/v1/audit?limit=20');
  const actions = log.audit.map((row) => row.action);
  expect(actions).toContain('enrol_code_issued');
  expect(actions).toContain('enrol_code_used');
  await page.goto(`${county.address}/audit`);
  await expect(page.getByText('用登记码登记手机').first()).toBeVisible();
});

test('only administrators make enrolment codes', async ({ page, enter, as, county }) => {
  const administrator = await as('administrator');
  const { staff } = await administrator.call<{ staff: { id: string; role: string }[] }>('GET', '/v1/staff?limit=200');
  const electrician = staff.find((person) => person.role === 'electrician');
  const question = { staff_id: electrician?.id, server_url: county.address };
  await expect((await as('dispatcher')).call('POST', '/v1/devices/enrol_codes', question)).rejects.toThrow('403');
  await enter('manager');
  await page.goto(`${county.address}/devices`);
  await expect(page.getByRole('heading', { level: 1, name: '手机终端' })).toBeVisible();
  await expect(page.getByRole('button', { name: '出登记码' })).toHaveCount(0);
});
