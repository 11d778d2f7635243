// Day, week, month, quarter with steps back and forth, or two dates of one's own.
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, DatePicker, Segmented } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { serverNowMs } from '@/api/client';
import { useText } from '@/i18n';
import { customPeriod, type Period, type PeriodKind, periodAt, periodLabel } from '@/util/period';

interface Props {
  period: Period;
  onChange: (period: Period) => void;
}

/** The calendar day of a moment in UTC+8 as the picker's own value. */
function pickerDay(ms: number): Dayjs {
  const d = new Date(ms + 8 * 3_600_000);
  return dayjs(new Date(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()));
}

const partsOf = (value: Dayjs) => ({ year: value.year(), month: value.month(), day: value.date() });

export function PeriodPicker({ period, onChange }: Props) {
  const { t } = useText();
  const { kind } = period;
  const step = (by: number) => {
    if (kind !== 'custom') onChange(periodAt(kind, period.fromMs, by));
  };
  const choose = (next: PeriodKind) => {
    if (next === 'custom') onChange({ ...period, kind: 'custom' });
    else onChange(periodAt(next, Math.min(period.toMs - 1, serverNowMs())));
  };
  const kinds: PeriodKind[] = ['day', 'week', 'month', 'quarter', 'custom'];
  return (
    <>
      <Segmented
        value={kind}
        onChange={choose}
        options={kinds.map((value) => ({ value, label: t(`kpis.period_${value}`) }))}
      />
      {kind === 'custom' ? (
        <DatePicker.RangePicker
          allowClear={false}
          value={[pickerDay(period.fromMs), pickerDay(period.toMs - 1)]}
          onChange={(range) => {
            const [first, last] = range ?? [];
            if (first && last) onChange(customPeriod(partsOf(first), partsOf(last)));
          }}
        />
      ) : (
        <span className="row" style={{ gap: 4 }}>
          <Button icon={<LeftOutlined />} aria-label={t('kpis.previous')} onClick={() => step(-1)} />
          <span className="period-name">{periodLabel(period)}</span>
          <Button
            icon={<RightOutlined />}
            aria-label={t('kpis.next')}
            disabled={period.toMs > serverNowMs()}
            onClick={() => step(1)}
          />
        </span>
      )}
    </>
  );
}
