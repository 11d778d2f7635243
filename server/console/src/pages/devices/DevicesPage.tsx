// The electricians' phones: user, model, app, last heard, what is not sent yet, clock. Lost ones are retired.
import { useQuery } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { listDevices, retireDevice } from '@/api/archives';
import type { DeviceView } from '@/api/contract';
import { processServerError } from '@/api/errors';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Empty } from '@/components/Empty';
import { Page } from '@/components/Page';
import { PlainList } from '@/components/PlainList';
import { Ago, ShortTime } from '@/components/Time';
import { OnlineDot } from '@/components/Words';
import { useNow } from '@/hooks/useNow';
import { useText } from '@/i18n';
import { NetClass } from '@/i18n/words.gen';
import { durationWords } from '@/util/countdown';
import { isOnline } from '@/util/online';
import { EnrolDrawer } from './EnrolDrawer';

/** From here a phone's clock is worth a look. */
const CLOCK_LIMIT_MS = 120_000;

export default function DevicesPage() {
  const { t, word, isChinese } = useText();
  const may = useMay();
  const now = useNow();
  const { message } = App.useApp();
  const [isEnrolling, setEnrolling] = useState(false);
  const query = useQuery({ queryKey: keys.devices, queryFn: listDevices, refetchInterval: 30_000 });
  const retire = async (device: DeviceView) => {
    try {
      await retireDevice(device.id);
    } catch (thrown) {
      const shown = processServerError(thrown, isChinese);
      void message.error(`${shown.code} ${shown.sentence}`);
    } finally {
      void query.refetch();
    }
  };
  const columns: ColumnsType<DeviceView> = [
    {
      key: 'owner',
      title: t('devices.owner'),
      render: (_, row) => (
        <span className="row nowrap">
          <OnlineDot isOnline={isOnline(row.last_seen_at_ms, now)} />
          <strong>{row.staff_name}</strong>
        </span>
      ),
    },
    { key: 'model', title: t('devices.model'), dataIndex: 'model' },
    { key: 'system', title: t('devices.system'), dataIndex: 'os_version' },
    { key: 'app', title: t('devices.app'), dataIndex: 'app_version' },
    { key: 'seen', title: t('devices.last_seen'), render: (_, row) => <Ago ms={row.last_seen_at_ms} /> },
    {
      key: 'synced',
      title: t('devices.last_synced'),
      render: (_, row) => <Ago ms={row.last_synced_at_ms} />,
    },
    {
      key: 'net',
      title: t('devices.network'),
      render: (_, row) => (row.net_class === null ? '–' : word(NetClass, row.net_class)),
    },
    {
      key: 'pending',
      title: t('devices.pending'),
      align: 'right',
      render: (_, row) =>
        row.pending_commands + row.pending_files === 0 ? (
          <span className="faint">–</span>
        ) : (
          <span className="tone-soon">
            {t('devices.pending_of', { commands: row.pending_commands, files: row.pending_files })}
          </span>
        ),
    },
    {
      key: 'clock',
      title: t('devices.clock'),
      align: 'right',
      render: (_, row) => {
        if (row.clock_offset_ms === null) return <span className="faint">–</span>;
        const off = Math.abs(row.clock_offset_ms);
        return (
          <span className={off > CLOCK_LIMIT_MS ? 'tone-soon' : ''}>{durationWords(off, isChinese)}</span>
        );
      },
    },
    {
      key: 'enrolled',
      title: t('devices.enrolled'),
      render: (_, row) => <ShortTime ms={row.enrolled_at_ms} />,
    },
    {
      key: 'state',
      title: t('devices.state'),
      render: (_, row) =>
        row.state === 'active' ? (
          <span className="state state-done">{t('devices.active')}</span>
        ) : (
          <span className="state state-off">{t('devices.retired')}</span>
        ),
    },
    {
      key: 'act',
      title: '',
      render: (_, row) =>
        row.state === 'active' &&
        may('manage_devices') && (
          <Popconfirm
            title={t('devices.retire_title')}
            description={<div style={{ maxWidth: 260 }}>{t('devices.retire_note')}</div>}
            onConfirm={() => void retire(row)}
          >
            <Button size="small" danger>
              {t('devices.retire')}
            </Button>
          </Popconfirm>
        ),
    },
  ];
  return (
    <Page
      title={t('devices.title')}
      tools={
        may('manage_devices') && (
          <Button type="primary" onClick={() => setEnrolling(true)}>
            {t('devices.enrol')}
          </Button>
        )
      }
    >
      <PlainList<DeviceView>
        label={t('devices.title')}
        rows={query.data}
        rowKey="id"
        columns={columns}
        problem={query.error}
        onRetry={() => void query.refetch()}
        empty={<Empty title={t('devices.empty')} note={t('devices.empty_note')} />}
      />
      {isEnrolling && (
        <EnrolDrawer
          onClose={() => {
            setEnrolling(false);
            void query.refetch();
          }}
        />
      )}
    </Page>
  );
}
