// Service limits, the lifecycle table, fault codes, roles: each as one table.
import type { FaultEntry, RoleEntry, ServiceLimit, Transition } from '@/api/catalogues';
import { Empty } from '@/components/Empty';
import { PlainList } from '@/components/PlainList';
import { KindGlyph, SampleMark, StateTag } from '@/components/Words';
import { useText } from '@/i18n';
import { AreaClass, CustomerClass, Role, Stage } from '@/i18n/words.gen';
import { dayOfCount, mentions } from '@/util/search';

export function LimitsView({ limits, search }: { limits: readonly ServiceLimit[]; search: string }) {
  const { t, named, word, isChinese } = useText();
  return (
    <PlainList<ServiceLimit>
      label={t('settings.service_limits')}
      rows={limits.filter((rule) => mentions(rule, search))}
      rowKey={(rule) =>
        [rule.id, rule.kind, rule.region, rule.customer_class, rule.area_class, rule.subtype].join('/')
      }
      problem={null}
      empty={<Empty title={t('settings.none')} />}
      columns={[
        { key: 'kind', title: '', render: (_, rule) => <KindGlyph kind={rule.kind} /> },
        { key: 'limit', title: t('settings.limit'), render: (_, rule) => <strong>{named(rule)}</strong> },
        { key: 'stage', title: t('settings.stage'), render: (_, rule) => word(Stage, rule.stage) },
        {
          key: 'scope',
          title: t('settings.scope'),
          render: (_, rule) =>
            [
              isChinese ? rule.topic_zh : rule.topic_en,
              rule.area_class === null ? null : word(AreaClass, rule.area_class),
              rule.customer_class === null ? null : word(CustomerClass, rule.customer_class),
              rule.region === '*' ? null : rule.region,
            ]
              .filter((part) => part !== null && part !== '')
              .join(' · ') || t('common.all'),
        },
        {
          key: 'valid',
          title: t('settings.valid'),
          render: (_, rule) => (
            <span className="nowrap">
              {rule.valid_to_day === null
                ? t('settings.since', { day: dayOfCount(rule.valid_from_day) })
                : `${dayOfCount(rule.valid_from_day)} – ${dayOfCount(rule.valid_to_day)}`}
            </span>
          ),
        },
        {
          key: 'source',
          title: t('settings.source'),
          render: (_, rule) => (
            <span className="row">
              <span className="clip" style={{ maxWidth: 260 }} title={rule.source}>
                {rule.source}
              </span>
              {rule.sample && <SampleMark />}
            </span>
          ),
        },
      ]}
    />
  );
}

export function LifecycleView({ rows, search }: { rows: readonly Transition[]; search: string }) {
  const { t, named, word, listed } = useText();
  return (
    <PlainList<Transition>
      label={t('settings.lifecycle')}
      rows={rows.filter((row) => mentions(row, search))}
      rowKey="command"
      problem={null}
      empty={<Empty title={t('settings.none')} />}
      columns={[
        {
          key: 'command',
          title: t('settings.command'),
          render: (_, row) => <strong className="nowrap">{named(row)}</strong>,
        },
        {
          key: 'from',
          title: t('settings.from'),
          render: (_, row) => (
            <span className="row wrap" style={{ gap: 4, maxWidth: 420 }}>
              {row.from.map((state) => (
                <StateTag key={state} state={state} />
              ))}
            </span>
          ),
        },
        {
          key: 'to',
          title: t('settings.to'),
          render: (_, row) =>
            row.next === null ? (
              <span className="faint">{t('settings.same')}</span>
            ) : (
              <StateTag state={row.next} />
            ),
        },
        {
          key: 'roles',
          title: t('settings.roles'),
          render: (_, row) => listed(row.roles.map((role) => word(Role, role))),
        },
        {
          key: 'needs',
          title: t('settings.needs'),
          render: (_, row) => listed(row.needs.map(named)) || '–',
        },
      ]}
    />
  );
}

export function FaultsView({ faults, search }: { faults: readonly FaultEntry[]; search: string }) {
  const { t, named, word } = useText();
  return (
    <PlainList<FaultEntry>
      label={t('settings.fault_codes')}
      rows={faults.filter((fault) => mentions(fault, search))}
      rowKey="code"
      problem={null}
      pageSize={100}
      empty={<Empty title={t('settings.none')} />}
      columns={[
        {
          key: 'code',
          title: t('settings.code'),
          render: (_, fault) => <span className="problem-code">{fault.code}</span>,
        },
        { key: 'text', title: t('settings.text'), render: (_, fault) => named(fault) },
        { key: 'owner', title: t('settings.owner'), render: (_, fault) => word(Role, fault.owner) },
        {
          key: 'retry',
          title: t('settings.retryable'),
          render: (_, fault) => t(fault.retryable ? 'common.yes' : 'common.no'),
        },
      ]}
    />
  );
}

export function RolesView({ roles, search }: { roles: readonly RoleEntry[]; search: string }) {
  const { t, named } = useText();
  return (
    <PlainList<RoleEntry>
      label={t('settings.permissions')}
      rows={roles.filter((role) => role.permissions.length > 0 && mentions(role, search))}
      rowKey="role"
      problem={null}
      empty={<Empty title={t('settings.none')} />}
      columns={[
        {
          key: 'role',
          title: t('settings.roles'),
          render: (_, row) => <strong className="nowrap">{named(row)}</strong>,
        },
        {
          key: 'permissions',
          title: t('settings.permission'),
          render: (_, row) => (
            <span className="row wrap" style={{ gap: 4 }}>
              {row.permissions.map((permission) => (
                <span key={permission.code} className="state state-off">
                  {named(permission)}
                </span>
              ))}
            </span>
          ),
        },
      ]}
    />
  );
}
