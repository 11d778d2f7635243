// First run: the token from the server's terminal makes the first administrator.
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Navigate } from 'react-router';
import { keys } from '@/api/keys';
import { currentSession, type FirstAdministrator, setUp, setupNeeded } from '@/api/session';
import { useSessionState } from '@/app/session';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { paths } from '@/util/paths';
import { SessionFrame } from './SessionFrame';

type Entry = FirstAdministrator & { again: string };

export default function SetupPage() {
  const { t } = useText();
  const { session, begin } = useSessionState();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const setup = useQuery({ queryKey: keys.setup, queryFn: setupNeeded });
  if (session !== null) return <Navigate to="/" replace />;
  if (setup.data === false) return <Navigate to={paths.signIn} replace />;

  const send = async ({ again: _, ...administrator }: Entry) => {
    setBusy(true);
    setProblem(null);
    try {
      await setUp({ ...administrator, token: administrator.token.trim() });
      begin(await currentSession());
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  };
  return (
    <SessionFrame title={t('session.setup_title')}>
      <p className="muted" style={{ marginBottom: 16 }}>
        {t('session.setup_note')}
      </p>
      <Form<Entry> layout="vertical" requiredMark={false} onFinish={(entry) => void send(entry)}>
        <Form.Item
          name="token"
          label={t('session.setup_token')}
          rules={[{ required: true, whitespace: true, message: t('session.setup_token_needed') }]}
        >
          <Input className="mono" autoFocus autoComplete="off" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="login_name"
          label={t('session.login_name')}
          rules={[{ required: true, whitespace: true, message: t('session.login_needed') }]}
        >
          <Input autoComplete="username" maxLength={64} />
        </Form.Item>
        <Form.Item
          name="display_name"
          label={t('session.display_name')}
          rules={[{ required: true, whitespace: true, message: t('session.display_name_needed') }]}
        >
          <Input autoComplete="name" maxLength={40} />
        </Form.Item>
        <PasswordPair />
        {problem !== null && (
          <div style={{ marginBottom: 16 }}>
            <Problem problem={problem} />
          </div>
        )}
        <Button type="primary" size="large" block htmlType="submit" loading={isBusy}>
          {t('session.create')}
        </Button>
      </Form>
    </SessionFrame>
  );
}

/** A new password, typed twice. */
export function PasswordPair({ name = 'password' }: { name?: string }) {
  const { t } = useText();
  return (
    <>
      <Form.Item
        name={name}
        label={t(name === 'password' ? 'session.password' : 'session.new_password')}
        extra={t('session.password_rule')}
        rules={[{ required: true, min: 10, message: t('session.password_rule') }]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('session.password_again')}
        dependencies={[name]}
        rules={[
          { required: true, message: t('session.password_again') },
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              value === undefined || value === getFieldValue(name)
                ? Promise.resolve()
                : Promise.reject(new Error(t('session.password_differs'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
    </>
  );
}
