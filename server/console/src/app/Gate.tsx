// What stands before a page: permission, loading, not found, failure, and the start page by role.
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Navigate, useNavigate, useRouteError } from 'react-router';
import { Empty } from '@/components/Empty';
import { useText } from '@/i18n';
import type { Permission } from '@/i18n/words.gen';
import { landingPath } from './navigation';
import { useMay, useSession, useSessionState } from './session';

export function PageLoading() {
  return (
    <div className="page" aria-busy="true">
      <Skeleton active paragraph={{ rows: 8 }} />
    </div>
  );
}

export function Gate({ permission, children }: { permission: Permission | null; children: ReactNode }) {
  const { t } = useText();
  const may = useMay();
  if (permission !== null && !may(permission)) {
    return <Empty title={t('app.not_allowed')} note={t('app.not_allowed_note')} action={<HomeButton />} />;
  }
  return children;
}

function HomeButton() {
  const { t } = useText();
  const navigate = useNavigate();
  return (
    <Button type="primary" onClick={() => void navigate('/')}>
      {t('app.go_home')}
    </Button>
  );
}

export function NotFound() {
  const { t } = useText();
  return <Empty title={t('app.not_found')} note={t('app.not_found_note')} action={<HomeButton />} />;
}

export function PageFailed() {
  const { t } = useText();
  const thrown = useRouteError();
  const detail = thrown instanceof Error ? thrown.message : '';
  return (
    <Empty
      title={t('app.page_failed')}
      note={`${t('app.page_failed_note')} ${detail}`}
      action={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t('app.reload')}
        </Button>
      }
    />
  );
}

/** The start page of the role; phone-only accounts are told so. */
export function Home() {
  const { t } = useText();
  const { staff } = useSession();
  const { end } = useSessionState();
  const may = useMay();
  const target = landingPath(staff.role, may);
  if (target !== null) return <Navigate to={target} replace />;
  return (
    <Empty
      title={t('app.phone_only')}
      note={t('app.phone_only_note')}
      action={<Button onClick={() => void end()}>{t('app.sign_out')}</Button>}
    />
  );
}
