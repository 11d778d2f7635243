// Sign-in. A server that was never set up leads to the first-run page.
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { keys } from '@/api/keys';
import { setupNeeded, signIn } from '@/api/session';
import { useSessionState } from '@/app/session';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { paths } from '@/util/paths';
import { SessionFrame } from './SessionFrame';

interface Entry {
  login_name: string;
  password: string;
}

/** Where the person wanted to go before he had to sign in; only places inside the console. */
function wantedPath(state: unknown): string {
  if (typeof state !== 'object' || state === null || !('from' in state)) return '/';
  const from = (state as { from: unknown }).from;
  return typeof from === 'string' && from.startsWith('/') && !from.startsWith('//') ? from : '/';
}

export default function SignInPage() {
  const { t } = useText();
  const location = useLocation();
  const { session, begin } = useSessionState();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const setup = useQuery({ queryKey: keys.setup, queryFn: setupNeeded });
  if (session !== null) return <Navigate to={wantedPath(location.state)} replace />;
  if (setup.data === true) return <Navigate to={paths.setup} replace />;

  const send = async (entry: Entry) => {
    setBusy(true);
    setProblem(null);
    try {
      begin(await signIn(entry.login_name.trim(), entry.password));
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  };
  return (
    <SessionFrame title={t('session.welcome')}>
      <Form<Entry> layout="vertical" requiredMark={false} onFinish={(entry) => void send(entry)}>
        <Form.Item
          name="login_name"
          label={t('session.login_name')}
          rules={[{ required: true, whitespace: true, message: t('session.login_needed') }]}
        >
          <Input size="large" autoFocus autoComplete="username" maxLength={64} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('session.password')}
          rules={[{ required: true, message: t('session.password_needed') }]}
        >
          <Input.Password size="large" autoComplete="current-password" maxLength={200} />
        </Form.Item>
        {problem !== null && (
          <div style={{ marginBottom: 16 }}>
            <Problem problem={problem} />
          </div>
        )}
        <Button type="primary" size="large" block htmlType="submit" loading={isBusy}>
          {t('session.sign_in')}
        </Button>
        <p className="faint" style={{ marginTop: 14 }}>
          {t('session.keep_note')}
        </p>
      </Form>
    </SessionFrame>
  );
}
