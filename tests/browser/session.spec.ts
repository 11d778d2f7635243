// Getting in: first run by token, refusals that keep what was typed, landing by role, menu by permission.
import { expect, signIn, test } from './fixtures';
import { Server } from './server';

test('the first run makes the administrator by the token and signs him in', async ({ page }) => {
  const server = await Server.empty();
  try {
    await page.goto(server.address);
    await expect(page.getByRole('heading', { name: '首次使用：建立系统管理员' })).toBeVisible();
    await page.getByLabel('安装口令').fill('0000');
    await page.getByLabel('登录名').fill('first');
    await page.getByLabel('姓名').fill('示例管理员');
    await page.getByRole('textbox', { name: '密码', exact: true }).fill('a-generated-password');
    await page.getByRole('textbox', { name: '再输一遍密码' }).fill('a-generated-password');
    await page.getByRole('button', { name: '建立并登录' }).click();
    await expect(page.getByRole('alert')).toContainText('A-403-SETUP');
    await expect(page.getByLabel('登录名')).toHaveValue('first');

    await page.getByLabel('安装口令').fill(server.token ?? '');
    await page.getByRole('button', { name: '建立并登录' }).click();
    await expect(page.getByRole('heading', { name: '总览' })).toBeVisible();
    await expect(page).toHaveURL(/\/overview$/);
    const steps = page.locator('.first-steps li');
    await expect(steps, 'an empty system says what to do first').toHaveCount(4);
    await expect(page.locator('.first-steps .is-next')).toContainText('导入台区和客户档案');
    await steps.nth(2).getByRole('link').click();
    await expect(page).toHaveURL(/\/staff$/);
  } finally {
    await server.remove();
  }
});

test('an administrator makes a new password, which is shown once and opens', async ({ page, enter, as, county }) => {
  const administrator = await as('administrator');
  const { staff } = await administrator.call<{ staff: { login_name: string; display_name: string; role: string }[] }>(
    'GET',
    '/v1/staff?limit=200',
  );
  const person = staff.find((each) => each.role === 'warehouse');
  await enter('administrator');
  await page.goto(`${county.address}/staff`);
  await page.getByPlaceholder('姓名、登录名').fill(person?.login_name ?? '');
  await page.getByPlaceholder('姓名、登录名').press('Enter');
  await page.getByRole('row', { name: new RegExp(person?.login_name ?? '-') }).click();
  await page.getByRole('button', { name: '重置密码' }).click();
  await page.getByRole('button', { name: '生成新密码' }).click();
  const shown = page.getByRole('dialog').getByRole('status');
  await expect(shown).toContainText(`请当面告知 ${person?.display_name}`);
  const password = await shown.locator('code').innerText();
  const answer = await fetch(`${county.address}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login_name: person?.login_name, password }),
  });
  expect(answer.status).toBeLessThan(300);
});

test('a wrong password says so with its code and keeps the name', async ({ page, county }) => {
  await page.goto(`${county.address}/orders?tab=draft`);
  await page.getByLabel('登录名').fill(county.login('dispatcher').login_name);
  await page.getByRole('textbox', { name: '密码' }).fill('not-the-password');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('A-401-PASSWORD');
  await expect(page.getByLabel('登录名')).toHaveValue('dispatcher');

  await page.getByRole('textbox', { name: '密码' }).fill(county.login('dispatcher').password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page, 'goes where the person wanted to go').toHaveURL(/\/orders\?tab=draft$/);
});

const LANDING = [
  ['dispatcher', '/dispatch', '导入'],
  ['reviewer', '/review', '调度台'],
  ['manager', '/kpis', '受理'],
  ['agent', '/intake', '审核'],
] as const;
for (const [role, path, hidden] of LANDING) {
  test(`${role} lands on ${path} and does not see ${hidden}`, async ({ page, enter }) => {
    await enter(role);
    await expect(page).toHaveURL(new RegExp(`${path}`));
    await expect(page.getByRole('link', { name: hidden })).toHaveCount(0);
  });
}

test('a page without permission explains itself', async ({ page, enter, county }) => {
  await enter('reviewer');
  await page.goto(`${county.address}/dispatch`);
  await expect(page.getByText('您的角色没有这个页面的权限')).toBeVisible();
});

test('language, colours and the table of keys', async ({ page, enter }) => {
  await enter('manager');
  await page.getByRole('button', { name: '切换到 English' }).click();
  await expect(page.getByRole('heading', { name: 'KPIs' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByRole('button', { name: 'Night colours' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'KPIs' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('assign the best person');
});

test('signing out ends the session for every tab', async ({ page, context, county, troubles }) => {
  await signIn(page, county, 'agent');
  const other = await context.newPage();
  await other.goto(`${county.address}/orders`);
  await expect(other.getByRole('heading', { name: '工单' })).toBeVisible();
  await page.getByRole('button', { name: /示例坐席/ }).click();
  await page.getByText('退出登录').click();
  await expect(page.getByRole('heading', { name: '登录控制台' })).toBeVisible();
  await other.getByRole('tab', { name: '归档' }).click();
  await expect(other.getByRole('heading', { name: '登录控制台' })).toBeVisible();
  troubles.length = 0;
});
