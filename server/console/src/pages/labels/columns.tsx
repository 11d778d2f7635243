// Columns of the archive of labels, and the signs of a label's state and grade.
import type { ColumnsType } from 'antd/es/table';
import type { LabelRow } from '@/api/contract';
import { ShortTime } from '@/components/Time';
import { useText } from '@/i18n';
import { LabelKind } from '@/i18n/words.gen';

/** From this letter on a label is printed anew. */
export const POOR = 'D';

export function LabelState({ state }: { state: string }) {
  const { t } = useText();
  return state === 'valid' ? (
    <span className="state state-done">{t('labels.valid')}</span>
  ) : (
    <span className="state state-off">{t('labels.revoked')}</span>
  );
}

export function Grade({ grade }: { grade: string | null }) {
  if (grade === null) return <span className="faint">–</span>;
  return <span className={grade >= POOR ? 'tone-late' : ''}>{grade}</span>;
}

export function useLabelColumns(): ColumnsType<LabelRow> {
  const { t, word } = useText();
  return [
    {
      key: 'number',
      title: t('labels.number'),
      width: 160,
      fixed: 'start',
      render: (_, row) => <span className="mono">{row.number}</span>,
    },
    {
      key: 'kind',
      title: t('labels.kind'),
      width: 130,
      ellipsis: true,
      render: (_, row) => word(LabelKind, row.kind),
    },
    {
      key: 'state',
      title: t('labels.state'),
      width: 90,
      render: (_, row) => <LabelState state={row.state} />,
    },
    {
      key: 'area',
      title: t('labels.area'),
      width: 200,
      ellipsis: true,
      render: (_, row) => row.area_name ?? '–',
    },
    {
      key: 'station',
      title: t('labels.station'),
      width: 180,
      ellipsis: true,
      render: (_, row) => row.station_name ?? '–',
    },
    { key: 'revision', title: t('labels.revision'), width: 76, align: 'right', dataIndex: 'revision' },
    {
      key: 'printed',
      title: t('labels.printed'),
      width: 116,
      render: (_, row) =>
        row.printed_at_ms === null ? (
          <span className="faint">{t('labels.never')}</span>
        ) : (
          <ShortTime ms={row.printed_at_ms} />
        ),
    },
    {
      key: 'grade',
      title: t('labels.grade'),
      width: 150,
      render: (_, row) => (
        <span className="row" style={{ gap: 8 }}>
          <Grade grade={row.grade} />
          {row.graded_at_ms !== null && (
            <span className="faint">
              <ShortTime ms={row.graded_at_ms} />
            </span>
          )}
        </span>
      ),
    },
  ];
}
