// The one setting of this page: whether new orders are dispatched without a person.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Radio, Skeleton, Switch } from 'antd';
import { changeDispatchPolicy, readDispatchPolicy } from '@/api/catalogues';
import type { DispatchPolicy } from '@/api/contract';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';

const GENERAL = ['off', 'nearest', 'jurisdiction'] as const;

export function DispatchPolicyView() {
  const { t } = useText();
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery({ queryKey: keys.dispatchPolicy, queryFn: readDispatchPolicy });
  const change = useMutation({
    mutationFn: changeDispatchPolicy,
    onSuccess: (policy) => client.setQueryData(keys.dispatchPolicy, policy),
  });
  if (query.error !== null) return <Problem problem={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton active paragraph={{ rows: 4 }} />;
  // Shown as chosen at once; a refusal brings the old one back.
  const policy = change.isPending ? change.variables : query.data;
  const isFixed = !may('manage_settings');
  const set = (part: Partial<DispatchPolicy>) => change.mutate({ ...policy, ...part });
  return (
    <Panel title={t('settings.dispatch_policy')}>
      <div className="col" style={{ gap: 14 }}>
        <Radio.Group
          aria-label={t('settings.policy_general')}
          disabled={isFixed}
          value={policy.general ?? 'off'}
          onChange={({ target }) => set({ general: target.value === 'off' ? null : target.value })}
        >
          <div className="col">
            {GENERAL.map((value) => (
              <Radio key={value} value={value}>
                {t(`settings.policy_${value}`)}{' '}
                <span className="muted">{t(`settings.policy_${value}_note`)}</span>
              </Radio>
            ))}
          </div>
        </Radio.Group>
        <div className="row">
          <Switch
            aria-label={t('settings.policy_hazard')}
            disabled={isFixed || policy.general !== null}
            checked={policy.general !== null || policy.is_hazard_automatic}
            onChange={(is_hazard_automatic) => set({ is_hazard_automatic })}
          />
          {t('settings.policy_hazard')}
        </div>
        <p className="faint">{t('settings.policy_note')}</p>
        {change.error !== null && <Problem problem={change.error} />}
      </div>
    </Panel>
  );
}
