// Who looked at or changed this order in the office: rows of the audit chain.
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { listAudit } from '@/api/archives';
import { keys } from '@/api/keys';
import { Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { actionName, detailText } from '@/util/audit';
import { dateTimeSeconds } from '@/util/format';

export function AuditPanel({ orderId }: { orderId: string }) {
  const { t } = useText();
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({
    queryKey: [...keys.audit, orderId],
    queryFn: () => listAudit({ subject_kind: 'work_order', subject_id: orderId }, null),
    enabled: isOpen,
  });
  const rows = query.data?.audit ?? [];
  return (
    <Panel
      title={t('order.audit')}
      tools={
        <Button size="small" onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'common.close' : 'common.show')}
        </Button>
      }
      isFlush
    >
      {isOpen && (
        <div className="panel-body">
          {query.error !== null && <Problem problem={query.error} />}
          <table className="plain-table">
            <tbody>
              {rows.map((row) => (
                <tr key={row.seq}>
                  <td className="num faint">{row.seq}</td>
                  <td className="nowrap">{dateTimeSeconds(row.at_ms)}</td>
                  <td className="nowrap">{row.actor_name}</td>
                  <td className="nowrap">{actionName(row.action, t)}</td>
                  <td className="mono faint clip" style={{ maxWidth: 420 }}>
                    {detailText(row.detail)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {query.isSuccess && rows.length === 0 && <p className="muted">{t('common.none')}</p>}
        </div>
      )}
    </Panel>
  );
}
