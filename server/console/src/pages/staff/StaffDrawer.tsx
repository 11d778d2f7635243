// Adding or changing a person; resetting the password.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Form, Input, Select, Switch } from 'antd';
import { useState } from 'react';
import {
  addStaff,
  changeStaff,
  listAreas,
  listStations,
  resetPassword,
  type StaffDraft,
} from '@/api/archives';
import type { StaffView } from '@/api/contract';
import { keys } from '@/api/keys';
import { EditDrawer } from '@/components/EditDrawer';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { OrderKind, Role } from '@/i18n/words.gen';

interface Props {
  person: StaffView | null;
  onClose: () => void;
}

export function StaffDrawer({ person, onClose }: Props) {
  const { t, word } = useText();
  const client = useQueryClient();
  const [isResetting, setResetting] = useState(false);
  const save = async ({ login_name, password, ...rest }: StaffDraft) => {
    const draft: StaffDraft = {
      ...rest,
      station_id: rest.station_id ?? null,
      contact_phone: rest.contact_phone?.trim() || null,
    };
    if (person === null) await addStaff({ ...draft, login_name, password });
    else await changeStaff(person.id, { ...draft, version: person.version });
    await client.invalidateQueries({ queryKey: keys.staff });
    onClose();
  };
  if (isResetting && person !== null) {
    return <ResetDrawer person={person} onClose={onClose} />;
  }
  const roles = Object.keys(Role).filter((role) => role !== 'system');
  return (
    <EditDrawer<StaffDraft>
      title={person === null ? t('staff.add') : t('staff.edit', { name: person.display_name })}
      initial={
        person === null
          ? { role: 'electrician', is_on_duty: true, is_active: true }
          : {
              display_name: person.display_name,
              role: person.role,
              station_id: person.station_id ?? undefined,
              skills: person.skills,
              area_ids: person.areas.map((area) => area.id),
              contact_phone: person.contact_phone ?? undefined,
              is_active: person.is_active,
              is_on_duty: person.is_on_duty,
            }
      }
      onClose={onClose}
      onSave={save}
    >
      <Form.Item
        name="display_name"
        label={t('staff.name')}
        rules={[{ required: true, whitespace: true, message: t('session.display_name_needed') }]}
      >
        <Input maxLength={40} />
      </Form.Item>
      {person === null && (
        <>
          <Form.Item
            name="login_name"
            label={t('staff.login_name')}
            rules={[{ required: true, whitespace: true, message: t('session.login_needed') }]}
          >
            <Input maxLength={64} autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('staff.new_password')}
            extra={t('session.password_rule')}
            rules={[{ required: true, min: 10, message: t('session.password_rule') }]}
          >
            <Input.Password maxLength={200} autoComplete="new-password" />
          </Form.Item>
        </>
      )}
      <Form.Item name="role" label={t('staff.role')} required>
        <Select options={roles.map((value) => ({ value, label: word(Role, value) }))} />
      </Form.Item>
      <PlaceFields />
      <Form.Item name="skills" label={t('staff.skills')}>
        <Select
          mode="multiple"
          options={Object.keys(OrderKind).map((value) => ({ value, label: word(OrderKind, value) }))}
        />
      </Form.Item>
      <Form.Item name="contact_phone" label={t('staff.phone')}>
        <Input maxLength={20} inputMode="tel" />
      </Form.Item>
      <div className="pair">
        <Form.Item name="is_on_duty" label={t('staff.duty')} valuePropName="checked" required>
          <Switch />
        </Form.Item>
        <Form.Item name="is_active" label={t('staff.active')} valuePropName="checked" required>
          <Switch checkedChildren={t('staff.is_active')} unCheckedChildren={t('staff.is_stopped')} />
        </Form.Item>
      </div>
      {person !== null && <Button onClick={() => setResetting(true)}>{t('staff.reset')}</Button>}
    </EditDrawer>
  );
}

function PlaceFields() {
  const { t } = useText();
  const stationId = Form.useWatch('station_id') as string | undefined;
  const stations = useQuery({ queryKey: keys.stations, queryFn: listStations, staleTime: 600_000 });
  const areas = useQuery({
    queryKey: keys.areas(stationId),
    queryFn: () => listAreas(stationId),
    staleTime: 600_000,
  });
  return (
    <>
      <Form.Item name="station_id" label={t('staff.station')}>
        <Select
          allowClear
          loading={stations.isLoading}
          options={(stations.data ?? []).map((station) => ({ value: station.id, label: station.name }))}
        />
      </Form.Item>
      <Form.Item name="area_ids" label={t('staff.areas')}>
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          maxTagCount={6}
          loading={areas.isLoading}
          options={(areas.data ?? []).map((area) => ({ value: area.id, label: area.name }))}
        />
      </Form.Item>
    </>
  );
}

/** The server makes the password; it is shown once, to be told in person. */
function ResetDrawer({ person, onClose }: { person: StaffView; onClose: () => void }) {
  const { t } = useText();
  const reset = useMutation({ mutationFn: () => resetPassword(person.id) });
  return (
    <Drawer open size={460} title={`${t('staff.reset')} · ${person.display_name}`} onClose={onClose}>
      <div className="col" style={{ gap: 14 }}>
        {reset.data === undefined ? (
          <>
            <p>{t('staff.reset_note')}</p>
            {reset.error !== null && <Problem problem={reset.error} />}
            <div className="row" style={{ justifyContent: 'flex-end' }}>
              <Button onClick={onClose}>{t('common.cancel')}</Button>
              <Button type="primary" danger loading={reset.isPending} onClick={() => reset.mutate()}>
                {t('staff.reset_go')}
              </Button>
            </div>
          </>
        ) : (
          <div role="status" className="col">
            <code className="shown-once">{reset.data}</code>
            <p className="muted">{t('staff.reset_shown', { name: person.display_name })}</p>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </div>
        )}
      </div>
    </Drawer>
  );
}
