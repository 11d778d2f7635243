// One command for the marked orders: asks what it needs, shows every order with its own outcome while it runs.
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Form, Input } from 'antd';
import { useRef, useState } from 'react';
import { listStaff } from '@/api/archives';
import type { OrderDetail, OrderSummary } from '@/api/contract';
import { processServerError } from '@/api/errors';
import { keys } from '@/api/keys';
import { listCandidates } from '@/api/orders';
import { KindGlyph } from '@/components/Words';
import { useText } from '@/i18n';
import { type BulkRow, runBulk, tally } from '@/util/bulk';
import { withoutLabel } from '@/util/content';
import { PersonSelect } from './PersonSelect';
import { useOrderActions } from './useOrderActions';

export type BulkTask = 'best' | 'person' | 'cancel';
type Row = BulkRow<OrderSummary, OrderDetail>;

interface Props {
  task: BulkTask;
  orders: readonly OrderSummary[];
  /** `isWhole`: every order was done, nothing is left to look at. */
  onClose: (isWhole: boolean) => void;
}

interface Entry {
  staff_id?: string;
  reason?: string;
}

function useBulk(task: BulkTask, orders: readonly OrderSummary[]) {
  const { give } = useOrderActions();
  const [rows, setRows] = useState<readonly Row[]>(orders.map((order) => ({ order, outcome: null })));
  const [phase, setPhase] = useState<'asking' | 'running' | 'over'>('asking');
  const stopped = useRef(false);
  const toBest = async (order: OrderSummary) => {
    const { candidates } = await listCandidates(order.id, 'nearest');
    const best = candidates.find((candidate) => candidate.is_eligible);
    if (best === undefined) return null;
    return give(order, 'dispatch', { staff_id: best.staff_id, mode: 'nearest' });
  };
  const run = async (entry: Entry) => {
    setPhase('running');
    stopped.current = false;
    await runBulk<OrderSummary, OrderDetail>({
      orders,
      command: task === 'cancel' ? 'cancel' : 'dispatch',
      give: (order) => {
        if (task === 'cancel') return give(order, 'cancel', { reason: entry.reason });
        if (task === 'person') return give(order, 'dispatch', { staff_id: entry.staff_id, mode: 'nearest' });
        return toBest(order);
      },
      onProgress: setRows,
      isStopped: () => stopped.current,
    });
    setPhase('over');
  };
  return { rows, phase, run, stop: () => (stopped.current = true) };
}

export function BulkDrawer({ task, orders, onClose }: Props) {
  const { t } = useText();
  const [form] = Form.useForm<Entry>();
  const { rows, phase, run, stop } = useBulk(task, orders);
  const { done, failed, left } = tally(rows);
  const close = () => {
    if (phase !== 'running') onClose(phase === 'over' && failed === 0);
  };
  return (
    <Drawer
      open
      size={560}
      title={t(`bulk.title_${task}`, { count: orders.length })}
      onClose={close}
      closable={phase !== 'running'}
      footer={
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          {phase === 'asking' && <Button onClick={close}>{t('common.cancel')}</Button>}
          {phase === 'asking' && (
            <Button type="primary" danger={task === 'cancel'} onClick={() => form.submit()}>
              {t(`bulk.go_${task}`)}
            </Button>
          )}
          {phase === 'running' && <Button onClick={stop}>{t('bulk.stop')}</Button>}
          {phase === 'over' && (
            <Button type="primary" onClick={close}>
              {t('common.close')}
            </Button>
          )}
        </div>
      }
    >
      <Form<Entry>
        form={form}
        layout="vertical"
        disabled={phase !== 'asking'}
        onFinish={(entry) => void run(entry)}
      >
        {task === 'best' && <p className="muted">{t('bulk.best_note')}</p>}
        {task === 'person' && <Person />}
        {task === 'cancel' && (
          <Form.Item
            name="reason"
            label={t('common.reason')}
            rules={[{ required: true, whitespace: true, min: 2, message: t('common.reason_min') }]}
          >
            <Input.TextArea autoFocus rows={3} maxLength={500} />
          </Form.Item>
        )}
      </Form>
      {phase !== 'asking' && (
        <p role="status" className={failed > 0 ? 'tone-soon' : 'muted'}>
          {t('bulk.progress', { done, failed, left })}
        </p>
      )}
      <ul className="bulk-rows">
        {rows.map((row) => (
          <BulkLine key={row.order.id} row={row} />
        ))}
      </ul>
    </Drawer>
  );
}

function BulkLine({ row }: { row: Row }) {
  const { t, isChinese } = useText();
  const { order, outcome } = row;
  return (
    <li>
      <KindGlyph kind={order.kind} />
      <span className="mono nowrap">{order.order_number}</span>
      <span className="clip grow muted" title={order.content}>
        {withoutLabel(order.content)}
      </span>
      {outcome?.kind === 'done' && (
        <span className="state state-done">
          {outcome.result.state === 'cancelled'
            ? t('bulk.cancelled')
            : t('order.done_dispatch', { name: outcome.result.assignee_name ?? '' })}
        </span>
      )}
      {outcome?.kind === 'refused' && (
        <span className="bulk-refusal tone-late">
          {processServerError(outcome.problem, isChinese).code}{' '}
          {processServerError(outcome.problem, isChinese).sentence}
        </span>
      )}
      {outcome?.kind === 'nobody' && <span className="tone-soon">{t('dispatch.nobody')}</span>}
      {outcome?.kind === 'not_allowed' && <span className="tone-soon">{t('bulk.not_allowed')}</span>}
      {outcome?.kind === 'not_tried' && <span className="tone-soon">{t('bulk.not_tried')}</span>}
    </li>
  );
}

function Person() {
  const { t } = useText();
  const people = useQuery({
    queryKey: [...keys.staff, { role: 'electrician' }],
    queryFn: () => listStaff({ role: 'electrician' }),
  });
  const options = (people.data ?? [])
    .filter((person) => person.is_active && person.is_on_duty)
    .map((person) => ({
      value: person.id,
      label: `${person.display_name} · ${person.station_name ?? '–'} · ${t('dispatch.load', { open: person.open_orders })}`,
    }));
  return <PersonSelect isLoading={people.isLoading} options={options} />;
}
