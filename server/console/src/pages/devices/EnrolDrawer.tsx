// A one-time enrolment code for the phone of one electrician: choose the person, show the symbol, say how
// long it lives. The code is in this window only; closing it forgets it.
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Form, Select } from 'antd';
import { useState } from 'react';
import { issueEnrolCode, listStaff } from '@/api/archives';
import type { EnrolCode } from '@/api/contract';
import { keys } from '@/api/keys';
import { EditDrawer } from '@/components/EditDrawer';
import { useNow } from '@/hooks/useNow';
import { useText } from '@/i18n';
import { durationWords } from '@/util/countdown';

interface Choice {
  staff_id?: string;
}

export function EnrolDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const people = useQuery({ queryKey: keys.staff, queryFn: () => listStaff() });
  const [code, setCode] = useState<EnrolCode | null>(null);
  if (code !== null) return <CodeDrawer code={code} onAgain={() => setCode(null)} onClose={onClose} />;
  const electricians = (people.data ?? []).filter(
    (person) => person.role === 'electrician' && person.is_active,
  );
  return (
    <EditDrawer<Choice>
      title={t('devices.enrol_title')}
      initial={{}}
      saveLabel={t('devices.enrol_show')}
      onClose={onClose}
      onSave={async ({ staff_id }) => {
        if (staff_id !== undefined) setCode(await issueEnrolCode(staff_id));
      }}
    >
      <p className="faint">{t('devices.enrol_note')}</p>
      <Form.Item
        name="staff_id"
        label={t('devices.enrol_person')}
        rules={[{ required: true, message: t('devices.enrol_person_needed') }]}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={people.isLoading}
          placeholder={t('devices.enrol_person_needed')}
          options={electricians.map((person) => ({
            value: person.id,
            label: `${person.display_name} ${person.login_name}`,
          }))}
        />
      </Form.Item>
    </EditDrawer>
  );
}

interface CodeProps {
  code: EnrolCode;
  onAgain: () => void;
  onClose: () => void;
}

function CodeDrawer({ code, onAgain, onClose }: CodeProps) {
  const { t, isChinese } = useText();
  const left = code.expires_at_ms - useNow();
  const name = t('devices.enrol_code_of', { name: code.staff_name });
  return (
    <Drawer open title={name} size={460} onClose={onClose}>
      <div className="col" style={{ alignItems: 'center' }}>
        {left > 0 && (
          <>
            <img
              src={`data:image/svg+xml,${encodeURIComponent(code.symbol_svg)}`}
              alt={name}
              style={{ width: 300, background: '#fff' }}
            />
            <strong role="status">{t('devices.enrol_left', { time: durationWords(left, isChinese) })}</strong>
            <p className="tone-soon">{t('devices.enrol_keep')}</p>
            <p className="faint">{t('devices.enrol_text')}</p>
            <code style={{ overflowWrap: 'anywhere' }}>{code.text}</code>
          </>
        )}
        {left <= 0 && <strong role="status">{t('devices.enrol_over')}</strong>}
        <Button onClick={onAgain}>{t('devices.enrol_again')}</Button>
      </div>
    </Drawer>
  );
}
