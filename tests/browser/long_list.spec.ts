// 5,000 open orders: the order list and the board scroll through them with few rows in the page. What the
// frames took is printed; how fast this machine is, is no matter of a test.
import { type CDPSession, expect, type Page, test } from '@playwright/test';
import { open } from './fixtures';
import { Server } from './server';

const OPEN_ORDERS = 5_000;
/** How far somebody scrolls down. `DIANMA_LONG_ROWS=5000` loads the whole list, as docs/benchmarks.md does. */
const LIST_ROWS = Number(process.env.DIANMA_LONG_ROWS ?? 1_500);
const BOARD_ROWS = 1_000;
const FRAMES = 240;

test.describe.configure({ timeout: 300_000 });
let county: Server;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  county = await Server.county(1);
  const rows = Array.from({ length: OPEN_ORDERS }, (_, n) => {
    const account = `99${String(n + 1).padStart(8, '0')}`;
    return `LONG-${String(n).padStart(5, '0')},${account},家里没电了，邻居有电（生成数据 ${n}）,故障报修`;
  });
  const file = ['APP_NO,CUST_NO,ACCEPT_CONTENT,BUSI_TYPE_CODE', ...rows].join('\n');
  await (await county.client('administrator')).importFile('hotline', 'long.csv', file);
});
test.afterAll(() => county.remove());

interface Frames {
  count: number;
  p50: number;
  p95: number;
  longest: number;
  longTasks: number;
  /** Time of the page's main thread on a processor, per frame: what a busy machine does not change. */
  cpuMs: number;
}

/** Main-thread time since the page began, ms of a processor. */
async function cpuMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0) * 1000;
}

async function measure(page: Page, selector: string): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await cpuMs(session);
  const frames = await scrollFrames(page, selector, FRAMES);
  const spent = ((await cpuMs(session)) - before) / frames.count;
  await session.detach();
  return { ...frames, cpuMs: Math.round(spent * 10) / 10 };
}

/** Scrolls the box a screen every frame for a while; times of frames in ms, tasks over 50 ms counted. */
function scrollFrames(page: Page, selector: string, frames: number): Promise<Omit<Frames, 'cpuMs'>> {
  return page.evaluate(
    async ({ selector: wanted, frames: wantedFrames }) => {
      const box = document.querySelector(wanted);
      if (box === null) throw new Error(`nothing scrolls at ${wanted}`);
      let longTasks = 0;
      const observer = new PerformanceObserver((list) => {
        longTasks += list.getEntries().length;
      });
      observer.observe({ type: 'longtask' });
      const times: number[] = [];
      let direction = 1;
      let last = await new Promise<number>(requestAnimationFrame);
      for (let n = 0; n < wantedFrames; n += 1) {
        if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) direction = -1;
        if (box.scrollTop <= 0) direction = 1;
        box.scrollTop += direction * 240;
        const now = await new Promise<number>(requestAnimationFrame);
        times.push(now - last);
        last = now;
      }
      observer.disconnect();
      times.sort((a, b) => a - b);
      const at = (share: number) => Math.round((times[Math.floor((times.length - 1) * share)] ?? 0) * 10) / 10;
      return { count: times.length, p50: at(0.5), p95: at(0.95), longest: at(1), longTasks };
    },
    { selector, frames },
  );
}

/** Scrolls to the end again and again until everything is loaded. */
async function loadAll(page: Page, selector: string, isWhole: () => Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.locator(selector).evaluate((box) => {
          box.scrollTop = box.scrollHeight;
        });
        return isWhole();
      },
      { timeout: 240_000, intervals: [100] },
    )
    .toBe(true);
}

function tell(name: string, frames: Frames): void {
  const { count, p50, p95, longest, longTasks, cpuMs: cpu } = frames;
  process.stdout.write(
    `    ${name}: ${count} frames, p50 ${p50} ms, p95 ${p95} ms, longest ${longest} ms, tasks over 50 ms: ${longTasks}, ${cpu} ms of a processor a frame\n`,
  );
}

test('the order list of 5,000 keeps few rows in the page', async ({ page }) => {
  await open(page, county, 'dispatcher');
  await page.goto(`${county.address}/orders?tab=draft`);
  await expect(page.locator('.ant-table-row').first()).toBeVisible();
  const holder = '.ant-table-tbody-virtual-holder';
  const status = page.locator('.list-foot [role="status"]');
  const loaded = async () => Number(/[\d,]+/.exec(await status.innerText())?.[0].replaceAll(',', '') ?? 0);
  await loadAll(page, holder, async () => (await loaded()) >= LIST_ROWS);
  const frames = await measure(page, holder);
  tell('order list', frames);
  expect(frames.count).toBe(FRAMES);
  expect(await page.locator('.ant-table-row').count(), 'rows in the page').toBeLessThan(60);
  await expect(page.locator('.ant-table-row').first(), 'the rows in sight are drawn').toBeVisible();
});

test('the board with 5,000 open orders keeps few rows in the page', async ({ page }) => {
  await open(page, county, 'dispatcher');
  await page.goto(`${county.address}/dispatch`);
  const queue = page.getByRole('listbox', { name: '待派队列' });
  await expect(queue.getByRole('option').first()).toBeVisible();
  const rowHeight = 58;
  const height = () => queue.evaluate((box) => box.scrollHeight);
  await loadAll(page, '.virtual-list', async () => (await height()) >= BOARD_ROWS * rowHeight);
  const frames = await measure(page, '.virtual-list');
  tell('board', frames);
  expect(await queue.getByRole('option').count(), 'rows in the page').toBeLessThan(60);
  await page.keyboard.press('j');
  await expect(queue.locator('[aria-selected="true"]')).toHaveCount(1);
});
