// Staff: who works here, role, skills, areas, duty, phone. The administrator adds and changes.
import { useQuery } from '@tanstack/react-query';
import { App, Button, Switch } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { changeStaff, listStaff } from '@/api/archives';
import type { StaffView } from '@/api/contract';
import { processServerError } from '@/api/errors';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Empty } from '@/components/Empty';
import { Page } from '@/components/Page';
import { PlainList } from '@/components/PlainList';
import { PickStation, PickWord, SearchForm, SearchText } from '@/components/SearchForm';
import { Ago } from '@/components/Time';
import { OnlineDot } from '@/components/Words';
import { useFilters } from '@/hooks/useFilters';
import { useNow } from '@/hooks/useNow';
import { useText } from '@/i18n';
import { OrderKind, Role } from '@/i18n/words.gen';
import { isOnline } from '@/util/online';
import { StaffDrawer } from './StaffDrawer';

const SHAPE = { q: 'private', role: 'text', station_id: 'text' } as const;

export default function StaffPage() {
  const { t, word, listed, isChinese } = useText();
  const may = useMay();
  const now = useNow();
  const { message } = App.useApp();
  const { filters, change, clear } = useFilters(SHAPE);
  const [open, setOpen] = useState<StaffView | 'new' | null>(null);
  const query = useQuery({
    queryKey: [...keys.staff, filters],
    queryFn: () => listStaff(filters),
    refetchInterval: 30_000,
  });
  const isManager = may('manage_staff');
  const setDuty = async (person: StaffView, is_on_duty: boolean) => {
    try {
      await changeStaff(person.id, { version: person.version, is_on_duty });
    } catch (thrown) {
      const shown = processServerError(thrown, isChinese);
      void message.error(`${shown.code} ${shown.sentence}`);
    } finally {
      void query.refetch();
    }
  };
  const columns: ColumnsType<StaffView> = [
    {
      key: 'name',
      title: t('staff.name'),
      render: (_, row) => <strong className="nowrap">{row.display_name}</strong>,
    },
    {
      key: 'login',
      title: t('staff.login_name'),
      render: (_, row) => <span className="mono">{row.login_name}</span>,
    },
    {
      key: 'role',
      title: t('staff.role'),
      render: (_, row) => <span className="nowrap">{word(Role, row.role)}</span>,
    },
    {
      key: 'station',
      title: t('staff.station'),
      render: (_, row) => (
        <span className="clip" style={{ display: 'block', maxWidth: 150 }} title={row.station_name ?? ''}>
          {row.station_name ?? '–'}
        </span>
      ),
    },
    {
      key: 'skills',
      title: t('staff.skills'),
      render: (_, row) => {
        const text = listed(row.skills.map((kind) => word(OrderKind, kind)));
        return (
          <span className="clip" style={{ display: 'block', maxWidth: 130 }} title={text}>
            {text || '–'}
          </span>
        );
      },
    },
    {
      key: 'areas',
      title: t('staff.areas'),
      render: (_, row) => {
        const text = listed(row.areas.map((area) => area.name));
        return (
          <span className="clip" style={{ display: 'block', maxWidth: 150 }} title={text}>
            {text || '–'}
          </span>
        );
      },
    },
    { key: 'open', title: t('staff.open_orders'), align: 'right', dataIndex: 'open_orders' },
    {
      key: 'duty',
      title: t('staff.duty'),
      render: (_, row) =>
        isManager ? (
          <Switch
            size="small"
            checked={row.is_on_duty}
            aria-label={`${t('staff.duty')} ${row.display_name}`}
            onClick={(next, event) => {
              event.stopPropagation();
              void setDuty(row, next);
            }}
          />
        ) : (
          t(row.is_on_duty ? 'common.on_duty' : 'common.off_duty')
        ),
    },
    {
      key: 'online',
      title: t('staff.last_seen'),
      render: (_, row) =>
        row.role === 'electrician' ? (
          <span className="row nowrap" style={{ gap: 6 }}>
            <OnlineDot isOnline={isOnline(row.last_seen_at_ms, now)} />
            <Ago ms={row.last_seen_at_ms} />
          </span>
        ) : null,
    },
    {
      key: 'active',
      title: t('staff.active'),
      render: (_, row) =>
        row.is_active ? (
          <span className="state state-done">{t('staff.is_active')}</span>
        ) : (
          <span className="state state-off">{t('staff.is_stopped')}</span>
        ),
    },
  ];
  return (
    <Page
      title={t('staff.title')}
      tools={
        isManager && (
          <Button type="primary" onClick={() => setOpen('new')}>
            {t('staff.add')}
          </Button>
        )
      }
    >
      <SearchForm onClear={Object.keys(filters).length > 0 ? clear : undefined}>
        <SearchText
          value={filters.q}
          placeholder={t('staff.search')}
          width={200}
          onChange={(q) => change({ q })}
        />
        <PickWord
          table={Role}
          value={filters.role}
          placeholder={t('staff.all_roles')}
          onChange={(role) => change({ role })}
        />
        <PickStation value={filters.station_id} onChange={(station_id) => change({ station_id })} />
      </SearchForm>
      <PlainList<StaffView>
        label={t('staff.title')}
        rows={query.data}
        rowKey="id"
        columns={columns}
        problem={query.error}
        onRetry={() => void query.refetch()}
        onOpen={isManager ? setOpen : undefined}
        empty={<Empty title={t('staff.empty')} note={t('staff.empty_note')} />}
      />
      {open !== null && <StaffDrawer person={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
