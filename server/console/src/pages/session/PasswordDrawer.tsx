// Changing one's own password.
import { App, Form, Input } from 'antd';
import { changePassword } from '@/api/session';
import { EditDrawer } from '@/components/EditDrawer';
import { useText } from '@/i18n';
import { PasswordPair } from './SetupPage';

interface Entry {
  old_password: string;
  new_password: string;
}

export default function PasswordDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const { message } = App.useApp();
  return (
    <EditDrawer<Entry>
      title={t('app.change_password')}
      initial={{}}
      onClose={onClose}
      onSave={async (entry) => {
        await changePassword(entry.old_password, entry.new_password);
        void message.success(t('session.password_changed'));
        onClose();
      }}
    >
      <Form.Item
        name="old_password"
        label={t('session.old_password')}
        rules={[{ required: true, message: t('session.password_needed') }]}
      >
        <Input.Password autoComplete="current-password" maxLength={200} />
      </Form.Item>
      <PasswordPair name="new_password" />
    </EditDrawer>
  );
}
